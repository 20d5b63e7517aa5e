import { canonical, isSecret, mapObject, reveal, secret, unknownValue, type Properties, type Value } from "./values.js";
import type { Redactor } from "./redact.js";

/**
 * Puts secret marks on what a provider returned: an output equal to an input is that input, one named like a secret input or
 * among `secretOutputs` is secret, and any other text loses the secrets it happens to hold.
 */
export function markOutputs(
  outputs: Properties,
  inputs: Properties,
  secretOutputs: readonly string[],
  redactor: Redactor,
): { forProgram: Properties; forState: Properties } {
  const mark = (value: Value, key: string): Value => {
    const input = inputs[key];
    if (isSecret(value)) return value;
    const marked = input !== undefined && canonical(reveal(input)) === canonical(value) ? input : value;
    return secretOutputs.includes(key) || isSecret(input) ? secret(marked) : marked;
  };
  const forProgram = mapObject(outputs, mark);
  const forState = mapObject(forProgram, (value, key) =>
    isSecret(value) || key in inputs ? value : withoutSecrets(value, redactor),
  );
  return { forProgram, forState };
}

/** In a preview: every output that is not known stays away, and what the SDK does not get it takes as unknown. */
export function knownOutputs(planned: Properties, secretOutputs: readonly string[]): Properties {
  const known = Object.entries(planned).filter(([, value]) => reveal(value) !== unknownValue);
  return Object.fromEntries(known.map(([key, value]) => [key, secretOutputs.includes(key) ? secret(value) : value]));
}

/** Outputs of components and of the stack for the state: texts lose the secrets they hold, short words stay as they are. */
export function declaredOutputs(outputs: Properties, redactor: Redactor): Properties {
  return mapObject(outputs, (value) => withoutSecrets(value, redactor, shortestInDeclared));
}

const shortestInDeclared = 8;

function withoutSecrets(value: Value, redactor: Redactor, shortest = 0): Value {
  if (typeof value === "string") return redactor.text(value, shortest);
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, redactor, shortest));
  if (isSecret(value)) return value;
  return typeof value === "object" && value !== null
    ? mapObject(value, (item) => withoutSecrets(item, redactor, shortest))
    : value;
}
