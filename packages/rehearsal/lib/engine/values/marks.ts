import {
  toCanonicalJson,
  isSecret,
  mapObject,
  reveal,
  toSecret,
  unknownValue,
  type Properties,
  type Value,
} from "./values.js";
import type { Redactor } from "./redact.js";

/**
 * Marks secrets in a provider's outputs: an output equal to its input becomes that input, one named like a secret input
 * or listed in `secretOutputs` becomes secret, and known secrets are redacted in any other text.
 */
export function applySecretMarks(
  outputs: Properties,
  inputs: Properties,
  secretOutputs: readonly string[],
  redactor: Redactor,
): { forProgram: Properties; forState: Properties } {
  const applyMark = (value: Value, key: string): Value => {
    const input = inputs[key];
    if (isSecret(value)) return value;
    const marked = input !== undefined && toCanonicalJson(reveal(input)) === toCanonicalJson(value) ? input : value;
    return secretOutputs.includes(key) || isSecret(input) ? toSecret(marked) : marked;
  };
  const forProgram = mapObject(outputs, applyMark);
  const forState = mapObject(forProgram, (value, key) =>
    isSecret(value) || key in inputs ? value : redactSecrets(value, redactor),
  );
  return { forProgram, forState };
}

/** Selects the known outputs of a preview; the SDK treats missing outputs as unknown. */
export function selectKnownOutputs(planned: Properties, secretOutputs: readonly string[]): Properties {
  const known = Object.entries(planned).filter(([, value]) => reveal(value) !== unknownValue);
  return Object.fromEntries(known.map(([key, value]) => [key, secretOutputs.includes(key) ? toSecret(value) : value]));
}

/** Redacts secrets in outputs of components and of the stack for the state; short secrets are not searched for. */
export function redactDeclaredOutputs(outputs: Properties, redactor: Redactor): Properties {
  return mapObject(outputs, (value) => redactSecrets(value, redactor, shortestInDeclared));
}

const shortestInDeclared = 8;

function redactSecrets(value: Value, redactor: Redactor, shortest = 0): Value {
  if (typeof value === "string") return redactor.redact(value, shortest);
  if (Array.isArray(value)) return value.map((item) => redactSecrets(item, redactor, shortest));
  if (isSecret(value)) return value;
  return typeof value === "object" && value !== null
    ? mapObject(value, (item) => redactSecrets(item, redactor, shortest))
    : value;
}
