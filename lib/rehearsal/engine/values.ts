/** Property values as the Node SDK puts them on the wire (`google.protobuf.Struct` as JSON), with Pulumi's marks in them. */

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = Record<string, Value>;

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** What stands for a value that is not known in a preview. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What a person or a hook sees where only the digest of a secret is known. */
export const redacted = "[secret]";

export function isObject(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: Value | undefined): value is { [key: string]: Value; value: Value } {
  return isObject(value) && value[signatureKey] === secretSignature;
}

/** Marks a value as secret; one that is marked already stays as it is. */
export function secret(value: Value): Value {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

/** The value without any secret marks in it: what a provider works with. */
export function reveal(value: Value): Value {
  if (isSecret(value)) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (isObject(value)) return mapObject(value, reveal);
  return value;
}

export function revealAll(properties: Properties): Properties {
  return mapObject(properties, reveal);
}

export function containsUnknown(value: Value): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

export function mapObject(object: { [key: string]: Value }, change: (value: Value, key: string) => Value): Properties {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

/** Every text (or number, as text) that is secret in a value. `inObject` tells one leaf of a bigger secret from a secret that is one text. */
export function secretLeaves(
  value: Value,
  inside: "public" | "scalar" | "object" = "public",
): { text: string; inObject: boolean }[] {
  if (isSecret(value)) return secretLeaves(value.value, inside === "public" ? "scalar" : inside);
  if (Array.isArray(value) || isObject(value)) {
    return Object.values(value).flatMap((child) => secretLeaves(child, inside === "public" ? "public" : "object"));
  }
  if (inside === "public" || value === null || typeof value === "boolean" || value === unknownValue) return [];
  return [{ text: String(value), inObject: inside === "object" }];
}

/** Every text that is not secret in a value. */
export function publicTexts(value: Value): string[] {
  if (isSecret(value)) return [];
  if (Array.isArray(value) || isObject(value)) return Object.values(value).flatMap(publicTexts);
  return typeof value === "string" ? [value] : [];
}

/** JSON with sorted keys: equal values have equal texts. */
export function canonical(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value).sort();
  return `{${entries.map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`).join(",")}}`;
}
