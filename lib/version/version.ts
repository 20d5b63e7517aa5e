import semver from "semver";
import { InvalidInputError } from "../errors.js";

/** An exact Palette release, `major.minor.patch` without prefix or suffix, e.g. `4.6.41`. */
export type Version = string;

const exactVersion = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/** True for an exact release such as `4.6.41`; false for `4.6`, `4.6.x`, `v4.6.41` and `4.6.41-rc.1`. */
export function isVersion(text: string): text is Version {
  return exactVersion.test(text) && semver.valid(text) !== null;
}

/** The text itself if it is an exact release. @throws InvalidInputError `VERSION_INVALID` naming `what`. */
export function parseVersion(text: string, what = "version"): Version {
  const trimmed = text.trim().replace(/^v/, "");
  if (isVersion(trimmed)) return trimmed;
  throw new InvalidInputError("VERSION_INVALID", `${what}: "${text}" is not a Palette version.`, {
    next: 'Write three numbers, quoted in YAML, for example "4.6.41".',
  });
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`; 4.10 is newer than 4.9. */
export function compareVersions(a: Version, b: Version): number {
  return parsed(a).compare(parsed(b));
}

/** A sorted copy, oldest first, without duplicates. */
export function sortVersions(versions: Iterable<Version>): Version[] {
  return [...new Set(versions)].sort(compareVersions);
}

/** The minor a release belongs to, e.g. `4.6` for `4.6.41`. */
export function minorOf(version: Version): string {
  const { major, minor } = parsed(version);
  return `${major}.${minor}`;
}

/** The first number of a release. */
export function majorOf(version: Version): number {
  return parsed(version).major;
}

const known = new Map<Version, semver.SemVer>();

/** Each text is read once: sorting a large matrix would read it a dozen times. @throws TypeError for what is no version. */
function parsed(version: Version): semver.SemVer {
  let read = known.get(version);
  if (read === undefined) known.set(version, (read = new semver.SemVer(version)));
  return read;
}

export const changes = ["patch", "minor", "major"] as const;
/** How far a hop goes: within a minor, to another minor, or to another first number. */
export type Change = (typeof changes)[number];

/** The kind of the hop `from` -> `to`. */
export function changeOf(from: Version, to: Version): Change {
  if (majorOf(from) !== majorOf(to)) return "major";
  return minorOf(from) === minorOf(to) ? "patch" : "minor";
}
