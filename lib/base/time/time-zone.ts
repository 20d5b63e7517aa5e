/** True for an IANA zone name that this machine knows; a fixed offset is rejected, as it has no summer time. Pure. */
export function isZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
