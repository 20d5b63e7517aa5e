import { createTimestamp } from "./constructors.js";
import { parseInstant, parseLong, Opaque, Timestamp, type Document, type Value } from "./value.js";

/** An object that has the form of an encoded value but is not a valid one. */
export class InvalidForm {
  constructor(readonly form: string) {}
}

type Decoder = (value: Value, whole: Document) => Value | null;

/** By first key of the wrapper: which other keys it may have, and how to decode it (null: not valid). */
const wrappers: Record<string, { allowedSiblings: readonly string[]; decode: Decoder }> = {
  $date: { allowedSiblings: [], decode: decodeDate },
  $numberInt: { allowedSiblings: [], decode: decodeLong },
  $numberLong: { allowedSiblings: [], decode: decodeLong },
  $numberDouble: { allowedSiblings: [], decode: decodeDouble },
  $timestamp: { allowedSiblings: [], decode: decodeTimestamp },
  $numberDecimal: { allowedSiblings: [], decode: createOpaqueDecoder("Decimal128") },
  $oid: { allowedSiblings: [], decode: createOpaqueDecoder("ObjectId") },
  $uuid: { allowedSiblings: [], decode: createOpaqueDecoder("UUID") },
  $binary: { allowedSiblings: ["$type"], decode: createOpaqueDecoder("Binary") },
  $minKey: { allowedSiblings: [], decode: createOpaqueDecoder("MinKey") },
  $maxKey: { allowedSiblings: [], decode: createOpaqueDecoder("MaxKey") },
  $undefined: { allowedSiblings: [], decode: () => null },
};

/**
 * Decodes an object that encodes a value: canonical, relaxed or version 1 EJSON, the `{high, low, unsigned}` and `{t,
 * i}` that JSON.stringify makes of a Long and a Timestamp, and `{T, I}` of Go. Any other object is returned as it is.
 */
export function decodeExtendedJson(document: Document): Value | InvalidForm {
  const keys = Object.keys(document);
  const wrapper = keys[0] !== undefined && Object.hasOwn(wrappers, keys[0]) ? wrappers[keys[0]] : undefined;
  if (wrapper && keys.slice(1).every((key) => wrapper.allowedSiblings.includes(key))) {
    const value = wrapper.decode(document[keys[0]!]!, document);
    return value === null && keys[0] !== "$undefined" ? new InvalidForm(keys[0]!) : value;
  }
  if (hasExactKeys(keys, "high", "low", "unsigned"))
    return decodeLongParts(document) ?? new InvalidForm("high/low/unsigned");
  if (hasExactKeys(keys, "t", "i")) return createTimestamp(document["t"], document["i"]) ?? document;
  if (hasExactKeys(keys, "T", "I")) return createTimestamp(document["T"], document["I"]) ?? document;
  return document;
}

function hasExactKeys(keys: readonly string[], ...wanted: string[]): boolean {
  return keys.length === wanted.length && wanted.every((key) => keys.includes(key));
}

function decodeDate(value: Value): Date | null {
  if (typeof value === "string") return parseInstant(value);
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

function decodeLong(value: Value): Value | null {
  return typeof value === "string" ? parseLong(value) : null;
}

function decodeDouble(value: Value): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? Number(value) : null;
}

/** Decodes a timestamp: `{t, i}`, decoded already, or all 64 bits as text (JSON.stringify in mongosh). */
function decodeTimestamp(value: Value): Value | null {
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) {
    const bits = BigInt(value);
    return createTimestamp(Number(bits >> 32n), Number(bits & 0xffff_ffffn));
  }
  return value instanceof Timestamp ? value : null;
}

function decodeLongParts(document: Document): Value | null {
  const { high, low } = document;
  if (typeof high !== "number" || typeof low !== "number" || !Number.isInteger(high) || !Number.isInteger(low))
    return null;
  const value = high * 2 ** 32 + (low >>> 0);
  return Number.isSafeInteger(value) ? value : new Opaque("Long");
}

function createOpaqueDecoder(kind: string): Decoder {
  return () => new Opaque(kind);
}
