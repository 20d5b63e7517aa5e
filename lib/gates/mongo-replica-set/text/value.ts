/** A MongoDB timestamp: `t` seconds since 1970, `i` the ordinal in that second. */
export class Timestamp {
  constructor(
    readonly t: number,
    readonly i: number,
  ) {}
}

/** A value whose content no rule reads: ObjectId, BinData, a Long beyond safe integers, … */
export class Opaque {
  constructor(readonly kind: string) {}
}

/** A value that the shells print. Objects have no prototype, so that no key of a document is special. */
export type Value = null | boolean | number | string | Date | Timestamp | Opaque | Value[] | Document;
export interface Document {
  [key: string]: Value;
}

/** True for a plain object, false for dates, timestamps, opaque values and arrays. */
export function isDocument(value: Value | undefined): value is Document {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Timestamp) &&
    !(value instanceof Opaque)
  );
}

/** A text that is not what the shells print; `at` is the offset where that was noticed. */
export class LiteralError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
    this.name = "LiteralError";
  }
}

const dateForm = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)$/;

/** Parses an ISO 8601 or RFC 3339 instant with its zone; null for anything else, including impossible dates. */
export function parseInstant(text: string): Date | null {
  const found = dateForm.exec(text);
  if (!found) return null;
  const [, year, month, day, hour, minute, second = "00", fraction = "", zone = "Z"] = found;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}`;
  const asUtc = new Date(`${local}Z`);
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString() !== `${local}Z`) return null;
  if (zone === "Z") return asUtc;
  const [zoneHours, zoneMinutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (zoneHours > 14 || zoneMinutes > 59) return null;
  const offset = (zoneHours * 60 + zoneMinutes) * 60_000 * (zone.startsWith("-") ? -1 : 1);
  return new Date(asUtc.getTime() - offset);
}

/**
 * Parses the text of a Long: a number where a double holds it exactly, else an opaque value; null if it is no integer.
 */
export function parseLong(text: string): number | Opaque | null {
  if (!/^-?\d{1,20}$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : new Opaque("Long");
}
