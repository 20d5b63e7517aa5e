import semver from "semver";
import { InvalidInputError } from "../../../base/errors/errors.js";
import { compareVersions, isVersion, type Version } from "../../version/version.js";

/** The requested target: an exact release, or a series or range from which the planner chooses one. */
export interface Target {
  /** As requested, trimmed. */
  text: string;
  /** The release itself; null for a series or range. */
  exact: Version | null;
  /** True for releases that match the target. */
  fits(version: Version): boolean;
  /** True if every release that matches the target is newer. */
  isAbove(version: Version): boolean;
}

/**
 * Parses a target: an exact release, a series (`4.7`, `4.7.x`) or any semver range.
 *
 * @throws InvalidInputError `TARGET_INVALID` if it is none of these.
 */
export function parseTarget(text: string): Target {
  const trimmed = text.trim();
  const exact = trimmed.replace(/^v/, "");
  if (isVersion(exact)) {
    const isAbove = (version: Version): boolean => compareVersions(exact, version) > 0;
    return { text: exact, exact, fits: (version) => version === exact, isAbove };
  }
  const range = trimmed === "" ? null : semver.validRange(trimmed);
  if (range === null) {
    throw new InvalidInputError("TARGET_INVALID", `target: "${text}" is neither a version nor a range of versions.`, {
      next: 'Write an exact release ("4.7.20"), a series ("4.7") or a semver range (">=4.6.41 <4.8"), in quotes in YAML.',
    });
  }
  const isAbove = (version: Version): boolean => semver.ltr(version, range);
  return { text: trimmed, exact: null, fits: (version) => semver.satisfies(version, range), isAbove };
}

/** Lists the listed releases that fit the target, oldest first. */
export function listGoals(target: Target, listed: readonly Version[]): Version[] {
  return listed.filter((version) => target.fits(version));
}

/** Finds the newest release below `version` and the oldest above it, where there are any. */
export function findNeighbours(version: Version, sorted: readonly Version[]): Version[] {
  const below = sorted.findLast((listed) => compareVersions(listed, version) < 0);
  const above = sorted.find((listed) => compareVersions(listed, version) > 0);
  return [below, above].filter((listed) => listed !== undefined);
}
