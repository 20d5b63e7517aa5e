import { isVersion, sortVersions, type Version } from "../version/version.js";
import type { Edition, MatrixRow, Method } from "./types.js";

/** Collects all exact releases of rows, sources and targets, oldest first. Wildcards are not releases. */
export function collectVersions(rows: readonly MatrixRow[]): Version[] {
  const seen = new Set<string>();
  for (const row of rows) seen.add(row.from).add(row.to);
  return sortVersions([...seen].filter(isVersion));
}

/** Computes the id of rows, `<edition>-<method>-<newest version listed>`; undefined if they list no exact release. */
export function computeMatrixId(edition: Edition, method: Method, rows: readonly MatrixRow[]): string | undefined {
  const newest = collectVersions(rows).at(-1);
  return newest === undefined ? undefined : `${edition}-${method}-${newest}`;
}
