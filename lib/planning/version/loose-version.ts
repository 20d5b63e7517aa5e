import semver from "semver";

/**
 * Whether the first version is newer, by major, minor and patch alone. For versions that others chose: a chart's, or an
 * image's tag. A text that holds no version is neither newer nor older.
 */
export function isNewerVersion(version: string, other: string): boolean {
  const [mine, theirs] = [semver.coerce(version), semver.coerce(other)];
  return mine !== null && theirs !== null && semver.gt(mine, theirs);
}
