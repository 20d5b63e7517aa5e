import { findDecidingRow, listEdges } from "../../matrix/lookup.js";
import { type Matrix } from "../../matrix/types.js";
import { type Version } from "../../version/version.js";
import { listNewerMatrices } from "../search/dead-ends.js";
import { type Hop, type NewerMatrix, type Warning } from "../types.js";
import { describeRow, formatList } from "../refusal/list-text.js";

/**
 * Lists STALE_MATRIX if a newer shipped matrix of the same edition and method no longer supports a hop. The
 * warning names the newest such matrix, the hops, and what happened to each: re-marked or withdrawn.
 */
export function listStaleWarnings(matrix: Matrix, hops: readonly Hop[], shipped: readonly Matrix[]): Warning[] {
  for (const newer of listNewerMatrices(matrix, shipped).reverse()) {
    const changed = describeChangedHops(newer, hops);
    if (changed.length === 0) continue;
    const message = `${matrix.id} is older than ${newer.id} (read on ${newer.readOn}), which treats ${changed.length === 1 ? "a hop" : "hops"} of this route differently: ${formatList(changed, 12)}. Plan with ${newer.id}, or ask the vendor's support which of the two holds.`;
    return [{ code: "STALE_MATRIX", message }];
  }
  return [];
}

function describeChangedHops(newer: Matrix, hops: readonly Hop[]): string[] {
  const edges = listEdges(newer);
  return hops.flatMap(({ from, to, ownRow }) => {
    if (ownRow !== undefined || edges.has(from, to)) return [];
    const row = findDecidingRow(newer, from, to);
    const fate =
      row === undefined
        ? "withdrawn"
        : `${row.mark === "conditional" ? "conditional" : "refused"} by ${describeRow(row)}`;
    return [`${from} -> ${to} is ${fate}`];
  });
}

/**
 * What the newest shipped matrix of the same kind would make of the question.
 *
 * @param route the route planned, the source included; null for a refusal.
 * @param findRoute the route by a matrix; null where there is none.
 */
export function compareWithNewest(
  newest: Matrix | undefined,
  route: readonly Version[] | null,
  findRoute: (matrix: Matrix) => readonly Version[] | null,
): NewerMatrix | null {
  if (newest === undefined) return null;
  const other = findRoute(newest);
  const same = (other ?? []).join() === (route ?? []).join();
  const effect = same ? "same" : other === null ? "no-road" : "other-road";
  return { id: newest.id, readOn: newest.readOn, effect, route: (other ?? []).slice(1) };
}

/**
 * The order of a plan's warnings, most important for the decision first: a target without onward route; the data; the
 * route; constraints without effect. Codes not named here come last, in the order given.
 */
export const warningOrder = [
  "DEAD_END",
  "STRANDED",
  "NO_ROUTE_AFTER",
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
