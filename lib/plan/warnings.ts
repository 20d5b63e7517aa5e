import type { Warning } from "./types.js";

/**
 * The order in which a plan warns, gravest for the decision first: where the target leads nowhere; then what the data is;
 * then what the road does; then what was asked for and does not bind. Codes not named here come last, as they were given.
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

/** A copy in the fixed order; warnings of one code keep theirs (that of the road). */
export function sortWarnings(warnings: readonly Warning[]): Warning[] {
  const ranks = new Map<string, number>(warningOrder.map((code, rank) => [code, rank]));
  const rankOf = (warning: Warning): number => ranks.get(warning.code) ?? warningOrder.length;
  return [...warnings].sort((a, b) => rankOf(a) - rankOf(b));
}
