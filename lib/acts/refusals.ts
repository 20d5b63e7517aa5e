import { remarkCodes } from "../gates/verdict/not-now.js";
import { type GateReport } from "../gates/verdict/types.js";
import { type Finding, toErrorFinding } from "../gates/verdict/findings.js";
import { type ActProposal } from "./types.js";

export type Refusal = ActProposal["refusals"][number];

const fixAdvice = "Fix what is named, then run the act again.";

/** Converts the blocking reasons of a gate's report to refusals; empty for a pass. */
export function toReportRefusals({ outcome, reasons, gate }: GateReport): Refusal[] {
  if (outcome === "pass") return [];
  const blocking = reasons.filter(({ code }) => !remarkCodes.has(code));
  return (blocking.length > 0 ? blocking : reasons).map(({ code, message }) => ({
    code,
    message: `Gate ${gate}: ${message}`,
    next: fixAdvice,
  }));
}

/** Converts a finding to a refusal. */
export function toFindingRefusal({ code, message }: Finding): Refusal {
  return { code, message, next: fixAdvice };
}

/** Converts an error thrown by a read to a refusal. */
export function toErrorRefusal(thrown: unknown, member: string | null, what: string): Refusal {
  return toFindingRefusal(toErrorFinding(thrown, member, what));
}

/** Creates a proposal that consists of refusals only. */
export function createRefusedProposal(...refusals: Refusal[]): ActProposal {
  return { lines: [], alreadyDone: false, irreversible: false, refusals };
}
