import { getMinor, type Version } from "./version.js";

const wildcard = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.x$/;

/** True for a minor written as a wildcard, `4.1.x`: how the vendor's tables name a whole minor. */
export function isWildcard(text: string): boolean {
  return wildcard.test(text);
}

/** True if `pattern` (an exact release or a wildcard) names `version`. */
export function matchesPattern(pattern: string, version: Version): boolean {
  return isWildcard(pattern) ? pattern.slice(0, -2) === getMinor(version) : pattern === version;
}
