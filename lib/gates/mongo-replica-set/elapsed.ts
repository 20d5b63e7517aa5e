/** Returns the seconds between two instants of a reply; null where either is absent or is 1970, MongoDB's "never". */
export function computeSecondsBetween(earlier: Date | null | undefined, later: Date | null): number | null {
  return earlier?.getTime() && later?.getTime() ? (later.getTime() - earlier.getTime()) / 1000 : null;
}
