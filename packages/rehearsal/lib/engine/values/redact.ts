import { collectPublicTexts, redacted, collectSecretLeaves, type Value } from "./values.js";

/** Removes secrets from text that is shown or stored. It learns them from the values that pass through the engine. */
export interface Redactor {
  learn(value: Value): void;
  /** Replaces every known secret of at least `shortest` characters by `[secret]`. */
  redact(text: string, shortest?: number): string;
}

const shortestSecret = 3;
/** Leaves of a big secret object (Helm values) are mostly words such as `true`: shorter ones are not redacted. */
const shortestLeaf = 6;
const shortestLine = 16;

export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  const leaves = new Set<string>();
  const known = new Set<string>();
  const learn = (value: Value): void => {
    for (const text of collectPublicTexts(value)) known.add(text);
    for (const { text, inObject } of collectSecretLeaves(value)) {
      if (text.length < (inObject ? shortestLeaf : shortestSecret)) continue;
      (inObject ? leaves : secrets).add(text);
    }
  };
  const redact = (given: string, shortest = 0): string => {
    const all = [...secrets, ...[...leaves].filter((leaf) => !known.has(leaf))];
    const long = all.filter((secret) => secret.length >= shortest);
    return redactText(given, long);
  };
  return { learn, redact };
}

function redactText(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    ...(secret.includes("\n") ? secret.split("\n").filter((line) => line.trim().length >= shortestLine) : []),
  ]);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((result, form) => result.split(form).join(redacted), text);
}
