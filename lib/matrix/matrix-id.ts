import { isVersion, sortVersions, type Version } from "../version/version.js";
import type { Edition, MatrixRow, Method } from "./types.js";

/** All exact releases that rows list, as source or target, oldest first. Wildcards are not releases. */
export function listedVersions(rows: readonly MatrixRow[]): Version[] {
  const seen = new Set<string>();
  for (const row of rows) seen.add(row.from).add(row.to);
  return sortVersions([...seen].filter(isVersion));
}

/** The id of rows: `<edition>-<method>-<newest version listed>`; undefined where they list no exact release. */
export function matrixId(edition: Edition, method: Method, rows: readonly MatrixRow[]): string | undefined {
  const newest = listedVersions(rows).at(-1);
  return newest === undefined ? undefined : `${edition}-${method}-${newest}`;
}
