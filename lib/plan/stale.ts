import { edgesOf, rowFor } from "../matrix/lookup.js";
import type { Matrix } from "../matrix/types.js";
import { newerShipped } from "./dead-ends.js";
import type { Hop, Warning } from "./types.js";
import { inWords, nameRow } from "./wording.js";

/**
 * STALE_MATRIX where a newer shipped matrix of the same edition and method no longer supports a hop of the road; it names
 * the newest such matrix, the hops, and what became of each: re-marked, or withdrawn.
 */
export function staleWarnings(matrix: Matrix, hops: readonly Hop[], shipped: readonly Matrix[]): Warning[] {
  for (const newer of newerShipped(matrix, shipped).reverse()) {
    const changed = changedHops(newer, hops);
    if (changed.length === 0) continue;
    const message = `${matrix.id} is older than ${newer.id} (read on ${newer.readOn}), which treats ${changed.length === 1 ? "a hop" : "hops"} of this road differently: ${inWords(changed, 12)}. Plan with ${newer.id}, or ask the vendor's support which of the two holds.`;
    return [{ code: "STALE_MATRIX", message }];
  }
  return [];
}

function changedHops(newer: Matrix, hops: readonly Hop[]): string[] {
  const edges = edgesOf(newer);
  return hops.flatMap(({ from, to, ownRow }) => {
    if (ownRow !== undefined || edges.has(from, to)) return [];
    const row = rowFor(newer, from, to);
    const fate =
      row === undefined ? "withdrawn" : `${row.mark === "conditional" ? "conditional" : "refused"} by ${nameRow(row)}`;
    return [`${from} -> ${to} is ${fate}`];
  });
}
