import { loadRules } from "../../planning/rules/rules.js";
import { type Verdict } from "./types.js";

/** True for the code of a reason that only time or other people clear (data/not-now.json). */
export function isNotNowCode(code: string): boolean {
  return loadRules("not-now").some((row) => row.code === code);
}

/**
 * True where every blocking reason waits for a person, a window, DNS, promotion or somebody else's upgrade: exit 5,
 * resumable. False for a report that blocks without a reason.
 */
export function isNotNow({ outcome, reasons }: Pick<Verdict, "outcome" | "reasons">): boolean {
  if (outcome === "pass") return false;
  const blocking = reasons.filter(({ code }) => !remarkCodes.has(code));
  return blocking.length > 0 && blocking.every(({ code }) => isNotNowCode(code));
}

/** Lists what the reasons wait for, without repeats, e.g. `DNS`; empty where they wait for nothing of that kind. */
export function listAwaited({ reasons }: Pick<Verdict, "reasons">): string[] {
  const rows = loadRules("not-now").filter((row) => reasons.some(({ code }) => code === row.code));
  return [...new Set(rows.map((row) => row.waitsFor))];
}

/** Whether a gate reports that it had nothing to judge here. */
export function isNotApplicable({ outcome, reasons }: Pick<Verdict, "outcome" | "reasons">): boolean {
  return outcome === "pass" && reasons.some(({ code }) => code === "NOT_APPLICABLE");
}

/** Codes of reasons that only explain other reasons: they neither block nor can be accepted. */
export const remarkCodes: ReadonlySet<string> = new Set([
  "NOTE",
  "NOT_APPLICABLE",
  "DEADLINE",
  "NOT_YET",
  "PATIENCE",
  "ACCEPTED",
  "ACCEPTANCE_VOID",
  "ACCEPTANCE_EXPIRED",
  "FOUR_EYES",
]);

/** Codes of the reasons that report the effect of an acceptance. */
export const acceptanceCodes: ReadonlySet<string> = new Set([
  "ACCEPTED",
  "ACCEPTANCE_VOID",
  "ACCEPTANCE_EXPIRED",
  "FOUR_EYES",
]);
