/** Seconds from one instant of a reply to another; null where either is not told or is 1970, MongoDB's "never". */
export function secondsBetween(earlier: Date | null | undefined, later: Date | null): number | null {
  return earlier?.getTime() && later?.getTime() ? (later.getTime() - earlier.getTime()) / 1000 : null;
}
