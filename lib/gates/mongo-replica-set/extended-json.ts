import { timestamp } from "./constructors.js";
import { instantOf, longOf, Opaque, Timestamp, type Document, type Value } from "./value.js";

/** An object that claims to stand for a value and does not. */
export class InvalidForm {
  constructor(readonly form: string) {}
}

type Fold = (value: Value, whole: Document) => Value | null;

/** By the first key of the wrapper: what else it may hold, and what it denotes (null: not a valid one). */
const wrappers: Record<string, { beside: readonly string[]; fold: Fold }> = {
  $date: { beside: [], fold: dateOf },
  $numberInt: { beside: [], fold: longText },
  $numberLong: { beside: [], fold: longText },
  $numberDouble: { beside: [], fold: doubleOf },
  $timestamp: { beside: [], fold: timestampOf },
  $numberDecimal: { beside: [], fold: opaque("Decimal128") },
  $oid: { beside: [], fold: opaque("ObjectId") },
  $uuid: { beside: [], fold: opaque("UUID") },
  $binary: { beside: ["$type"], fold: opaque("Binary") },
  $minKey: { beside: [], fold: opaque("MinKey") },
  $maxKey: { beside: [], fold: opaque("MaxKey") },
  $undefined: { beside: [], fold: () => null },
};

/**
 * What an object denotes if it is one of the forms that stand for a value: canonical, relaxed or version 1 EJSON, the
 * `{high, low, unsigned}` and `{t, i}` that JSON.stringify leaves of a Long and a Timestamp, `{T, I}` of Go. Else itself.
 */
export function fold(document: Document): Value | InvalidForm {
  const keys = Object.keys(document);
  const wrapper = keys[0] !== undefined && Object.hasOwn(wrappers, keys[0]) ? wrappers[keys[0]] : undefined;
  if (wrapper && keys.slice(1).every((key) => wrapper.beside.includes(key))) {
    const value = wrapper.fold(document[keys[0]!]!, document);
    return value === null && keys[0] !== "$undefined" ? new InvalidForm(keys[0]!) : value;
  }
  if (sameKeys(keys, "high", "low", "unsigned")) return longParts(document) ?? new InvalidForm("high/low/unsigned");
  if (sameKeys(keys, "t", "i")) return timestamp(document["t"], document["i"]) ?? document;
  if (sameKeys(keys, "T", "I")) return timestamp(document["T"], document["I"]) ?? document;
  return document;
}

function sameKeys(keys: readonly string[], ...wanted: string[]): boolean {
  return keys.length === wanted.length && wanted.every((key) => keys.includes(key));
}

function dateOf(value: Value): Date | null {
  if (typeof value === "string") return instantOf(value);
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

function longText(value: Value): Value | null {
  return typeof value === "string" ? longOf(value) : null;
}

function doubleOf(value: Value): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? Number(value) : null;
}

/** `{t, i}`, folded before, or the whole 64 bits as text (JSON.stringify in mongosh). */
function timestampOf(value: Value): Value | null {
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) {
    const bits = BigInt(value);
    return timestamp(Number(bits >> 32n), Number(bits & 0xffff_ffffn));
  }
  return value instanceof Timestamp ? value : null;
}

function longParts(document: Document): Value | null {
  const { high, low } = document;
  if (typeof high !== "number" || typeof low !== "number" || !Number.isInteger(high) || !Number.isInteger(low))
    return null;
  const value = high * 2 ** 32 + (low >>> 0);
  return Number.isSafeInteger(value) ? value : new Opaque("Long");
}

function opaque(kind: string): Fold {
  return () => new Opaque(kind);
}
