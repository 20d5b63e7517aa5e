import semver from "semver";
import { InvalidInputError } from "../../base/errors/errors.js";

/** An exact Palette release, `major.minor.patch` without prefix or suffix, e.g. `4.6.41`. */
export type Version = string;

const exactVersion = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

const semverCache = new Map<Version, semver.SemVer>();

/** True for an exact release such as `4.6.41`; false for `4.6`, `4.6.x`, `v4.6.41` and `4.6.41-rc.1`. */
export function isVersion(text: string): text is Version {
  return semverCache.has(text) || (exactVersion.test(text) && semver.valid(text) !== null);
}

/** Parses an exact release; a leading `v` is dropped. @throws InvalidInputError `VERSION_INVALID`, naming `what`. */
export function parseVersion(text: string, what = "version"): Version {
  const trimmed = text.trim().replace(/^v/, "");
  if (isVersion(trimmed)) return trimmed;
  throw new InvalidInputError("VERSION_INVALID", `${what}: "${text}" is not a Palette version.`, {
    next: 'Write three numbers, quoted in YAML, for example "4.6.41".',
  });
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`; 4.10 is newer than 4.9. */
export function compareVersions(a: Version, b: Version): number {
  return toSemver(a).compare(toSemver(b));
}

/** Returns a sorted copy without duplicates, oldest first. */
export function sortVersions(versions: Iterable<Version>): Version[] {
  return [...new Set(versions)].sort(compareVersions);
}

/** Returns the minor series of a release, e.g. `4.6` for `4.6.41`. */
export function getMinor(version: Version): string {
  const { major, minor } = toSemver(version);
  return `${major}.${minor}`;
}

/** Returns the major number of a release. */
export function getMajor(version: Version): number {
  return toSemver(version).major;
}

/** Parses a version once and caches it, because sorting a large matrix needs each one many times. @throws TypeError. */
function toSemver(version: Version): semver.SemVer {
  let read = semverCache.get(version);
  if (read === undefined) semverCache.set(version, (read = new semver.SemVer(version)));
  return read;
}

export const changes = ["patch", "minor", "major"] as const;
/** The kind of a hop: within one minor, to another minor, or to another major. */
export type Change = (typeof changes)[number];

/** Classifies the hop `from` -> `to`. */
export function classifyChange(from: Version, to: Version): Change {
  if (getMajor(from) !== getMajor(to)) return "major";
  return getMinor(from) === getMinor(to) ? "patch" : "minor";
}

const wildcard = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.x$/;

/** True for a minor written as a wildcard, `4.1.x`: how the vendor's tables name a whole minor. */
export function isWildcard(text: string): boolean {
  return wildcard.test(text);
}

/** True if `pattern` (an exact release or a wildcard) names `version`. */
export function matchesPattern(pattern: string, version: Version): boolean {
  return isWildcard(pattern) ? pattern.slice(0, -2) === getMinor(version) : pattern === version;
}
