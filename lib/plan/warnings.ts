import type { Warning } from "./types.js";

/**
 * The order of a plan's warnings, most important for the decision first: a target without onward route; the data; the
 * route; constraints without effect. Codes not named here come last, in the order given.
 */
export const warningOrder = [
  "DEAD_END",
  "STRANDED",
  "DEFAULT_MATRIX",
  "STALE_MATRIX",
  "OWN_ROW",
  "AVOIDED_STOP",
  "STEERED",
  "PAGE_RULE",
  "SKIPPED_MINOR",
  "VIA_PASSED",
  "AVOID_UNKNOWN",
  "OWN_ROW_IDLE",
] as const;

/** Sorts a copy into the fixed order; warnings of the same code keep their order (that of the route). */
export function sortWarnings(warnings: readonly Warning[]): Warning[] {
  const ranks = new Map<string, number>(warningOrder.map((code, rank) => [code, rank]));
  const getRank = (warning: Warning): number => ranks.get(warning.code) ?? warningOrder.length;
  return [...warnings].sort((a, b) => getRank(a) - getRank(b));
}
