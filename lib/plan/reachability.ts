import type { Matrix } from "../matrix/types.js";
import type { Version } from "../version/version.js";
import { graphOf } from "./graph.js";

/** Which releases lead to which along supported rows, in as many hops as it takes. Lists are sorted by version. */
export interface Reachability {
  /** All releases the matrix lists. */
  versions: readonly Version[];
  /** True for a road of any length, none included (`from` = `to`, where listed); false where either is not listed. */
  reaches(from: Version, to: Version): boolean;
  /** All releases that can be reached from `from`, itself left out. */
  from(from: Version): Version[];
  /** All releases from which `to` can be reached, itself left out. */
  to(to: Version): Version[];
}

/** What the supported rows of a matrix reach; computed once per matrix object. */
export function reachabilityOf(matrix: Matrix): Reachability {
  const { versions, placeOf, reaches } = graphOf(matrix);
  const reachesVersion = (from: Version, to: Version): boolean => {
    const [low, high] = [placeOf(from), placeOf(to)];
    return low >= 0 && high >= 0 && reaches(low, high);
  };
  return {
    versions,
    reaches: reachesVersion,
    from: (from) => versions.filter((to) => to !== from && reachesVersion(from, to)),
    to: (to) => versions.filter((from) => to !== from && reachesVersion(from, to)),
  };
}
