import { isInRange } from "../../planning/rules/edge-pattern.js";
import { loadRules } from "../../planning/rules/rules.js";
import type { CompatibilityRow } from "../../planning/rules/types.js";
import type { Edge } from "../verdict/types.js";

/** The lowest feature compatibility version of MongoDB that hops into certain releases require. */
export type Requirement = Pick<CompatibilityRow, "into" | "least" | "mongo" | "because" | "source">;

/** Finds the strictest requirement that a hop crosses; null where it crosses none. Rows: data/fcv.json. */
export function findRequirement(
  { from, to }: Pick<Edge, "from" | "to">,
  rows: readonly Requirement[] = loadRules("fcv"),
): Requirement | null {
  return rows
    .filter(({ into }) => !isInRange(from, into) && isInRange(to, into))
    .reduce<Requirement | null>(
      (strictest, row) => (strictest === null || isHigher(row.least, strictest.least) ? row : strictest),
      null,
    );
}

/** Compares two compatibility versions: negative, zero or positive as for sorting; null if one is not a version. */
export function compareCompatibility(a: string, b: string): number | null {
  const [one, other] = [parseCompatibilityVersion(a), parseCompatibilityVersion(b)];
  return one && other ? one.major - other.major || one.minor - other.minor : null;
}

function isHigher(a: string, b: string): boolean {
  return (compareCompatibility(a, b) ?? 0) > 0;
}

function parseCompatibilityVersion(text: string): { major: number; minor: number } | null {
  const found = /^(\d{1,3})\.(\d{1,3})$/.exec(text);
  return found ? { major: Number(found[1]), minor: Number(found[2]) } : null;
}
