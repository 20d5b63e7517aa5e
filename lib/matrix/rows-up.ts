import { compareVersions } from "../version/version.js";

/**
 * True if a row leads to a newer release. A wildcard means the oldest release of its minor as source and the newest as
 * target, so `4.7.x -> 4.7.27` is an upgrade and `4.7.x -> 4.7.x` is not. Both must be releases or wildcards.
 */
export function isUpgradeRow(from: string, to: string): boolean {
  return from !== to && compareVersions(from.replace(/x$/, "0"), to.replace(/x$/, "999999")) < 0;
}
