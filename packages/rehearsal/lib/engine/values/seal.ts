import { createHmac } from "node:crypto";
import {
  toCanonicalJson,
  isObject,
  isSecret,
  mapObject,
  redacted,
  reveal,
  toSecret,
  type Properties,
  type Value,
} from "./values.js";

const sealKey = "$secret";
/** Key that holds the digest of a secret whose value is not known. */
const keptKey = "$kept";

/** Turns secrets into keyed digests, so that a state file shows whether they changed but never their values. */
export interface Sealer {
  seal(properties: Properties): Properties;
  /**
   * Reverses `seal` where possible: a digest whose value `source` holds at the same path becomes that secret again, any
   * other becomes the secret `missing` (default: the text `[secret]`), which seals to the same digest again.
   */
  open(sealed: Properties, source: Properties, missing?: Value): Properties;
}

/** Creates a sealer for one state file; `salt` is that file's random key. */
export function createSealer(salt: string): Sealer {
  const computeDigest = (value: Value): string =>
    createHmac("sha256", salt)
      .update(toCanonicalJson(reveal(value)))
      .digest("hex");
  const seal = (value: Value): Value => {
    if (isSecret(value)) return { [sealKey]: value[keptKey] ?? computeDigest(value.value) };
    if (Array.isArray(value)) return value.map(seal);
    return isObject(value) ? mapObject(value, seal) : value;
  };
  const open = (value: Value, source: Value | undefined, missing: Value): Value => {
    if (isSealed(value)) {
      if (isSecret(source) && computeDigest(source.value) === value[sealKey]) return source;
      return { ...(toSecret(missing) as Properties), [keptKey]: value[sealKey]! };
    }
    if (Array.isArray(value))
      return value.map((item, index) => open(item, Array.isArray(source) ? source[index] : undefined, missing));
    if (!isObject(value)) return value;
    return mapObject(value, (item, key) =>
      open(item, isObject(source) && !isSecret(source) ? source[key] : undefined, missing),
    );
  };
  return {
    seal: (properties) => mapObject(properties, seal),
    open: (sealed, source, missing = redacted) => mapObject(sealed, (value, key) => open(value, source[key], missing)),
  };
}

export function isSealed(value: Value | undefined): value is { [key: string]: Value } {
  return isObject(value) && typeof value[sealKey] === "string" && Object.keys(value).length === 1;
}

export function hasSealedValue(value: Value): boolean {
  if (isSealed(value)) return true;
  if (Array.isArray(value)) return value.some(hasSealedValue);
  return isObject(value) && Object.values(value).some(hasSealedValue);
}

/** True where a value is known by its digest only. */
export function isLost(value: Value): boolean {
  if (isSecret(value)) return keptKey in value || isLost(value.value);
  if (Array.isArray(value)) return value.some(isLost);
  return isObject(value) && Object.values(value).some(isLost);
}
