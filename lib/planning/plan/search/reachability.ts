import type { Matrix } from "../../matrix/types.js";
import type { Version } from "../../version/version.js";
import { getGraph } from "./graph.js";

/** Which releases reach which along supported rows, in any number of hops. Lists are sorted by version. */
interface Reachability {
  /** All releases the matrix lists. */
  versions: readonly Version[];
  /** True if there is a route of any length (also if `from` = `to`); false if either is not listed. */
  reaches(from: Version, to: Version): boolean;
  /** All releases that can be reached from `from`, without itself. */
  from(from: Version): Version[];
  /** All releases from which `to` can be reached, without itself. */
  to(to: Version): Version[];
}

/** Computes the reachability of a matrix; the underlying graph is built once per matrix object. */
export function computeReachability(matrix: Matrix): Reachability {
  const { versions, nodeOf, reaches } = getGraph(matrix);
  const canReach = (from: Version, to: Version): boolean => {
    const [low, high] = [nodeOf(from), nodeOf(to)];
    return low >= 0 && high >= 0 && reaches(low, high);
  };
  return {
    versions,
    reaches: canReach,
    from: (from) => versions.filter((to) => to !== from && canReach(from, to)),
    to: (to) => versions.filter((from) => to !== from && canReach(from, to)),
  };
}
