import { inRange } from "../../plan/edge-pattern.js";
import { rulesOf } from "../../plan/rules.js";
import type { CompatibilityRow } from "../../plan/rules-types.js";
import type { Edge } from "../types.js";

/** From which release on MongoDB's feature compatibility version must be how high before the hop into it. */
export type Requirement = Pick<CompatibilityRow, "into" | "least" | "mongo" | "because" | "source">;

/** The strictest requirement that a hop crosses; null where it crosses none. Rows: data/fcv.json. */
export function requirementOf(
  { from, to }: Pick<Edge, "from" | "to">,
  rows: readonly Requirement[] = rulesOf("fcv"),
): Requirement | null {
  return rows
    .filter(({ into }) => !inRange(from, into) && inRange(to, into))
    .reduce<Requirement | null>(
      (strictest, row) => (strictest === null || isHigher(row.least, strictest.least) ? row : strictest),
      null,
    );
}

/** Negative, zero or positive as compatibility version `a` is lower than, equal to or higher than `b`; null if one is none. */
export function compareCompatibility(a: string, b: string): number | null {
  const [one, other] = [partsOf(a), partsOf(b)];
  return one && other ? one.major - other.major || one.minor - other.minor : null;
}

function isHigher(a: string, b: string): boolean {
  return (compareCompatibility(a, b) ?? 0) > 0;
}

function partsOf(text: string): { major: number; minor: number } | null {
  const found = /^(\d{1,3})\.(\d{1,3})$/.exec(text);
  return found ? { major: Number(found[1]), minor: Number(found[2]) } : null;
}
