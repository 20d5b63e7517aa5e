import { parseInstant, isDocument, parseLong, Opaque, Timestamp, type Value } from "./value.js";

/** Creates the value of `name(arguments…)` as the shells print it; null where they never print such a call. */
export function createShellValue(name: string, given: readonly Value[]): Value | null {
  const first = given[0];
  switch (name) {
    case "ISODate":
    case "Date":
      return given.length === 1 ? createDate(first, name) : null;
    case "NumberLong":
    case "Long":
    case "Long.fromString":
    case "NumberInt":
    case "Int32":
      return given.length === 1 ? createInteger(first) : null;
    case "Double":
      return given.length === 1 && typeof first === "number" ? first : null;
    case "Timestamp":
      return createTimestampFromArguments(given);
    default:
      return opaqueCalls.has(name) ? new Opaque(name) : null;
  }
}

const opaqueCalls = new Set([
  "ObjectId",
  "UUID",
  "BinData",
  "Binary",
  "Binary.createFromBase64",
  "Buffer.from",
  "HexData",
  "MD5",
  "NumberDecimal",
  "Decimal128",
  "DBRef",
  "MinKey",
  "MaxKey",
]);

function createDate(value: Value | undefined, name: string): Date | null {
  if (typeof value === "string") return parseInstant(value);
  return name === "Date" && typeof value === "number" && Number.isSafeInteger(value) ? new Date(value) : null;
}

function createInteger(value: Value | undefined): Value | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : new Opaque("Long");
  return typeof value === "string" ? parseLong(value) : null;
}

function createTimestampFromArguments(given: readonly Value[]): Timestamp | null {
  const [first, second] = given;
  if (given.length === 2 && typeof first === "number" && typeof second === "number")
    return isSwapped(first, second) ? createTimestamp(second, first) : createTimestamp(first, second);
  if (given.length !== 1) return null;
  if (first instanceof Timestamp) return first;
  if (isDocument(first)) return createTimestamp(first["t"], first["i"]);
  return null;
}

/** The seconds of the year 2000: no ordinal within a second comes near it, and no optime lies before it. */
const earliestSeconds = 946_684_800;

/** mongosh 1.0 and 1.1 print the ordinal first, `Timestamp(i, t)`. */
function isSwapped(first: number, second: number): boolean {
  return first < earliestSeconds && second >= earliestSeconds;
}

/** Creates a timestamp of two 32-bit numbers, else null. Shells before 2.4 print the seconds in milliseconds. */
export function createTimestamp(t: Value | undefined, i: Value | undefined): Timestamp | null {
  if (typeof t === "number" && t > 0xffff_ffff && t % 1000 === 0) return createTimestamp(t / 1000, i);
  return isUnsigned32(t) && isUnsigned32(i) ? new Timestamp(t, i) : null;
}

function isUnsigned32(value: Value | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}
