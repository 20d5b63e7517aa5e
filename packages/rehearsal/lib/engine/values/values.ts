/** Property values as the Node SDK puts them on the wire (`google.protobuf.Struct` as JSON), with Pulumi's marks in them. */

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = Record<string, Value>;

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** Placeholder for a value that is not known in a preview. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Shown to people and hooks where only the digest of a secret is known. */
export const redacted = "[secret]";

export function isObject(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: Value | undefined): value is { [key: string]: Value; value: Value } {
  return isObject(value) && value[signatureKey] === secretSignature;
}

/** Marks a value as secret; returns an already marked value unchanged. */
export function toSecret(value: Value): Value {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

/** Returns the value without secret marks, as providers use it. */
export function reveal(value: Value): Value {
  if (isSecret(value)) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (isObject(value)) return mapObject(value, reveal);
  return value;
}

export function revealAll(properties: Properties): Properties {
  return mapObject(properties, reveal);
}

export function mapObject(object: { [key: string]: Value }, change: (value: Value, key: string) => Value): Properties {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

/** Collects every secret text (or number, as text) in a value. `inObject` marks a leaf of a secret object or list. */
export function collectSecretLeaves(
  value: Value,
  inside: "public" | "scalar" | "object" = "public",
): { text: string; inObject: boolean }[] {
  if (isSecret(value)) return collectSecretLeaves(value.value, inside === "public" ? "scalar" : inside);
  if (Array.isArray(value) || isObject(value)) {
    return Object.values(value).flatMap((child) =>
      collectSecretLeaves(child, inside === "public" ? "public" : "object"),
    );
  }
  if (inside === "public" || value === null || typeof value === "boolean" || value === unknownValue) return [];
  return [{ text: String(value), inObject: inside === "object" }];
}

/** Collects every text in a value that is not secret. */
export function collectPublicTexts(value: Value): string[] {
  if (isSecret(value)) return [];
  if (Array.isArray(value) || isObject(value)) return Object.values(value).flatMap(collectPublicTexts);
  return typeof value === "string" ? [value] : [];
}

/** Returns JSON with sorted keys: equal values have equal texts. */
export function toCanonicalJson(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value).sort();
  return `{${entries.map((key) => `${JSON.stringify(key)}:${toCanonicalJson(value[key]!)}`).join(",")}}`;
}
