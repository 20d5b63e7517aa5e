import type { Verdict } from "./types.js";

/** Whether a gate reports that it had nothing to judge here. */
export function isNotApplicable({ outcome, reasons }: Pick<Verdict, "outcome" | "reasons">): boolean {
  return outcome === "pass" && reasons.some(({ code }) => code === "NOT_APPLICABLE");
}
