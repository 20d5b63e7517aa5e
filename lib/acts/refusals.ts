import type { GateReport } from "../gates/types.js";
import type { Finding } from "../gates/verdict.js";
import { remarkCodes } from "../accept/remarks.js";
import type { ActProposal } from "./types.js";

export type Refusal = ActProposal["refusals"][number];

const mend = "Mend what is named, then run the act again.";

/** What a gate found amiss, as refusals; empty for a pass. */
export function refusalsOfReport({ outcome, reasons, gate }: GateReport): Refusal[] {
  if (outcome === "pass") return [];
  const blocking = reasons.filter(({ code }) => !remarkCodes.has(code));
  return (blocking.length > 0 ? blocking : reasons).map(({ code, message }) => ({
    code,
    message: `Gate ${gate}: ${message}`,
    next: mend,
  }));
}

export function refusalOfFinding({ code, message }: Finding): Refusal {
  return { code, message, next: mend };
}

/** A proposal that does nothing but refuse. */
export function refusedBy(...refusals: Refusal[]): ActProposal {
  return { lines: [], alreadyDone: false, irreversible: false, refusals };
}
