import { remarkCodes } from "../accept/remarks.js";
import { rulesOf } from "../plan/rules.js";
import type { Verdict } from "./types.js";

/** True for a reason that only time or somebody else clears (data/not-now.json). */
export function isNotNowCode(code: string): boolean {
  return rulesOf("notNow").some((row) => row.code === code);
}

/**
 * True where all that blocks waits for a person, a window, DNS, promotion or somebody else's upgrade: exit 5, resumable. A
 * report that blocks for no named reason is none.
 */
export function isNotNow({ outcome, reasons }: Pick<Verdict, "outcome" | "reasons">): boolean {
  if (outcome === "pass") return false;
  const blocking = reasons.filter(({ code }) => !remarkCodes.has(code));
  return blocking.length > 0 && blocking.every(({ code }) => isNotNowCode(code));
}

/** What the reasons wait for, without repeats, e.g. `DNS`; empty where they wait for nothing of that kind. */
export function waitsFor({ reasons }: Pick<Verdict, "reasons">): string[] {
  const rows = rulesOf("notNow").filter((row) => reasons.some(({ code }) => code === row.code));
  return [...new Set(rows.map((row) => row.waitsFor))];
}
