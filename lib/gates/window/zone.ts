/** True for an IANA name of a zone that this machine knows; a fixed offset is none, for it knows no summer time. Pure. */
export function isZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
