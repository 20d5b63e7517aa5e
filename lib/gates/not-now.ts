import { remarkCodes } from "../accept/remarks.js";
import { loadRules } from "../plan/rules.js";
import type { Verdict } from "./types.js";

/** True for the code of a reason that only time or other people clear (data/not-now.json). */
export function isNotNowCode(code: string): boolean {
  return loadRules("notNow").some((row) => row.code === code);
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
  const rows = loadRules("notNow").filter((row) => reasons.some(({ code }) => code === row.code));
  return [...new Set(rows.map((row) => row.waitsFor))];
}
