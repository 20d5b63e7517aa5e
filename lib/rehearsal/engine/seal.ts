import { createHmac } from "node:crypto";
import {
  canonical,
  isObject,
  isSecret,
  mapObject,
  redacted,
  reveal,
  secret,
  type Properties,
  type Value,
} from "./values.js";

const sealKey = "$secret";
/** Beside a secret of which only the digest is known: that digest. */
const keptKey = "$kept";

/** Turns secrets into keyed digests, so that a state file can tell whether they changed and never what they are. */
export interface Sealer {
  seal(properties: Properties): Properties;
  /**
   * The other way round as far as that goes: a digest whose value `source` holds at the same place becomes that secret again,
   * any other becomes the secret `missing` (default: the word `[secret]`), which seals to the same digest again.
   */
  open(sealed: Properties, source: Properties, missing?: Value): Properties;
}

/** A sealer for one state file; `salt` is that file's random key. */
export function createSealer(salt: string): Sealer {
  const digest = (value: Value): string =>
    createHmac("sha256", salt)
      .update(canonical(reveal(value)))
      .digest("hex");
  const seal = (value: Value): Value => {
    if (isSecret(value)) return { [sealKey]: value[keptKey] ?? digest(value.value) };
    if (Array.isArray(value)) return value.map(seal);
    return isObject(value) ? mapObject(value, seal) : value;
  };
  const open = (value: Value, source: Value | undefined, missing: Value): Value => {
    if (isSealed(value)) {
      if (isSecret(source) && digest(source.value) === value[sealKey]) return source;
      return { ...(secret(missing) as Properties), [keptKey]: value[sealKey]! };
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

export function containsSealed(value: Value): boolean {
  if (isSealed(value)) return true;
  if (Array.isArray(value)) return value.some(containsSealed);
  return isObject(value) && Object.values(value).some(containsSealed);
}

/** True where a value is known by its digest only. */
export function isLost(value: Value): boolean {
  if (isSecret(value)) return keptKey in value || isLost(value.value);
  if (Array.isArray(value)) return value.some(isLost);
  return isObject(value) && Object.values(value).some(isLost);
}
