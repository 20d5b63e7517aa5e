import { edgePlacesOf } from "../matrix/lookup.js";
import type { Matrix } from "../matrix/types.js";
import { majorOf, minorOf, type Version } from "../version/version.js";

/**
 * A matrix as numbers: a release is its place among the sorted releases, so that comparing places compares releases and
 * every edge leads from a lower place to a higher one (a row that leads down is no edge: Palette has no downgrade).
 */
export interface Graph {
  versions: readonly Version[];
  /** Place of a release, -1 where the matrix does not list it. */
  placeOf: (version: Version) => number;
  /** By place: places that a supported row leads to, lowest first. */
  ahead: readonly (readonly number[])[];
  /** By place: rank of the release's minor among the listed minors; two ranks apart is a skipped minor. */
  minor: readonly number[];
  /** By place: the first number of the release. */
  major: readonly number[];
  /** True if supported rows lead from `from` to `to`, and for `from` = `to`. */
  reaches: (from: number, to: number) => boolean;
}

const graphs = new WeakMap<Matrix, Graph>();

/** The graph of a matrix, made once per matrix object. */
export function graphOf(matrix: Matrix): Graph {
  const known = graphs.get(matrix);
  if (known !== undefined) return known;
  const graph = makeGraph(matrix);
  graphs.set(matrix, graph);
  return graph;
}

function makeGraph(matrix: Matrix): Graph {
  const { listed, placeOf, targets } = edgePlacesOf(matrix);
  const ahead = targets.map((all, place) => all.filter((to) => to > place));
  return {
    versions: listed,
    placeOf: (version) => placeOf.get(version) ?? -1,
    ahead,
    minor: ranksOfMinors(listed),
    major: listed.map(majorOf),
    reaches: closureOf(ahead),
  };
}

function ranksOfMinors(listed: readonly Version[]): number[] {
  const ranks = new Map<string, number>();
  return listed.map((version) => {
    const minor = minorOf(version);
    const rank = ranks.get(minor) ?? ranks.size;
    ranks.set(minor, rank);
    return rank;
  });
}

/** One bit per pair, filled from the highest place down: what a place reaches is itself and what its next ones reach. */
function closureOf(ahead: readonly (readonly number[])[]): (from: number, to: number) => boolean {
  const words = Math.ceil(ahead.length / 32);
  const bits = new Uint32Array(ahead.length * words);
  for (let place = ahead.length - 1; place >= 0; place--) {
    const row = place * words;
    bits[row + (place >> 5)]! |= 1 << (place & 31);
    for (const next of ahead[place]!) {
      for (let word = next >> 5; word < words; word++) bits[row + word]! |= bits[next * words + word]!;
    }
  }
  return (from, to) => to >= from && (bits[from * words + (to >> 5)]! & (1 << (to & 31))) !== 0;
}
