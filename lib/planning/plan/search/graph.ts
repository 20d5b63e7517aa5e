import { indexEdges } from "../../matrix/lookup.js";
import type { Matrix } from "../../matrix/types.js";
import { getMajor, getMinor, type Version } from "../../version/version.js";

/**
 * A matrix as numbers. A node is the index of a release among the sorted releases, so comparing nodes compares
 * releases, and every edge leads from a lower node to a higher one (a row that leads down is no edge: Palette has no
 * downgrade).
 */
export interface Graph {
  versions: readonly Version[];
  /** Node of a release; -1 if the matrix does not list it. */
  nodeOf: (version: Version) => number;
  /** By node: the nodes that a supported row leads to, lowest first. */
  successors: readonly (readonly number[])[];
  /** By node: rank of the release's minor among the listed minors; a difference of two is a skipped minor. */
  minor: readonly number[];
  /** By node: the major number of the release. */
  major: readonly number[];
  /** True if a path of supported rows leads from `from` to `to`; also if `from` = `to`. */
  reaches: (from: number, to: number) => boolean;
}

const graphs = new WeakMap<Matrix, Graph>();

/** Returns the graph of a matrix, built once per matrix object. */
export function getGraph(matrix: Matrix): Graph {
  const known = graphs.get(matrix);
  if (known !== undefined) return known;
  const graph = makeGraph(matrix);
  graphs.set(matrix, graph);
  return graph;
}

function makeGraph(matrix: Matrix): Graph {
  const { listed, nodeOf, targets } = indexEdges(matrix);
  const successors = targets.map((all, node) => all.filter((to) => to > node));
  return {
    versions: listed,
    nodeOf: (version) => nodeOf.get(version) ?? -1,
    successors,
    minor: rankMinors(listed),
    major: listed.map(getMajor),
    reaches: computeClosure(successors),
  };
}

function rankMinors(listed: readonly Version[]): number[] {
  const ranks = new Map<string, number>();
  return listed.map((version) => {
    const minor = getMinor(version);
    const rank = ranks.get(minor) ?? ranks.size;
    ranks.set(minor, rank);
    return rank;
  });
}

/** Computes reachability, one bit per pair, from the highest node down: a node reaches what its successors reach. */
function computeClosure(successors: readonly (readonly number[])[]): (from: number, to: number) => boolean {
  const words = Math.ceil(successors.length / 32);
  const bits = new Uint32Array(successors.length * words);
  for (let node = successors.length - 1; node >= 0; node--) {
    const row = node * words;
    bits[row + (node >> 5)]! |= 1 << (node & 31);
    for (const next of successors[node]!) {
      // What a lower successor reaches is in the row already, with all that it reaches: most of a dense matrix.
      if ((bits[row + (next >> 5)]! & (1 << (next & 31))) !== 0) continue;
      for (let word = next >> 5; word < words; word++) bits[row + word]! |= bits[next * words + word]!;
    }
  }
  return (from, to) => to >= from && (bits[from * words + (to >> 5)]! & (1 << (to & 31))) !== 0;
}
