import type { Verdict } from "./types.js";

/** Whether a gate says that it had nothing to judge here, with a word why. */
export function isNotApplicable({ outcome, reasons }: Pick<Verdict, "outcome" | "reasons">): boolean {
  return outcome === "pass" && reasons.some(({ code }) => code === "NOT_APPLICABLE");
}
