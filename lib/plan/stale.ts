import { listEdges, findDecidingRow } from "../matrix/lookup.js";
import type { Matrix } from "../matrix/types.js";
import { listNewerMatrices } from "./dead-ends.js";
import type { Hop, Warning } from "./types.js";
import { formatList, describeRow } from "./wording.js";

/**
 * Lists STALE_MATRIX if a newer shipped matrix of the same edition and method no longer supports a hop. The
 * warning names the newest such matrix, the hops, and what happened to each: re-marked or withdrawn.
 */
export function listStaleWarnings(matrix: Matrix, hops: readonly Hop[], shipped: readonly Matrix[]): Warning[] {
  for (const newer of listNewerMatrices(matrix, shipped).reverse()) {
    const changed = describeChangedHops(newer, hops);
    if (changed.length === 0) continue;
    const message = `${matrix.id} is older than ${newer.id} (read on ${newer.readOn}), which treats ${changed.length === 1 ? "a hop" : "hops"} of this road differently: ${formatList(changed, 12)}. Plan with ${newer.id}, or ask the vendor's support which of the two holds.`;
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
