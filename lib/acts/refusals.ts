import type { GateReport } from "../gates/types.js";
import { findingOfError, type Finding } from "../gates/verdict.js";
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

/** What a judge found amiss, as a refusal. */
export function refusalOfFinding({ code, message }: Finding): Refusal {
  return { code, message, next: mend };
}

/** An answer that could not be had, as a refusal. */
export function refusalOfError(thrown: unknown, member: string | null, what: string): Refusal {
  return refusalOfFinding(findingOfError(thrown, member, what));
}

/** A proposal that does nothing but refuse. */
export function refusedBy(...refusals: Refusal[]): ActProposal {
  return { lines: [], alreadyDone: false, irreversible: false, refusals };
}
