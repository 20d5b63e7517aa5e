import { compareVersions } from "../version/version.js";

/**
 * True if a row leads to a newer release: a wildcard stands for the oldest of its minor as source and the newest as
 * target, so `4.7.x -> 4.7.27` goes up and `4.7.x -> 4.7.x` does not. Both must be releases or wildcards.
 */
export function rowsUp(from: string, to: string): boolean {
  return from !== to && compareVersions(from.replace(/x$/, "0"), to.replace(/x$/, "999999")) < 0;
}
