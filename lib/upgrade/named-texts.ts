import { dotted, isMap } from "../charts/value-paths.js";
import { formsOf } from "../gates/redact.js";

/** A text that must not be shown, by the key that people know it by. */
export interface NamedText {
  text: string;
  /** e.g. `hubble mongo.databasePassword`. */
  name: string;
}

/** Shorter texts among values are words such as `true` or a port; hiding them would hide everything. */
const shortest = 6;
const shortestLine = 16;

/** Every text among the Helm values of one release, long ones line by line too. Pure. */
export function textsOfValues(release: string, values: Record<string, unknown>): NamedText[] {
  return textsIn(values, []).flatMap(({ text, path }) =>
    [text, ...linesOf(text)].map((part) => ({ text: part, name: `${release} ${dotted(path)}` })),
  );
}

function textsIn(value: unknown, path: readonly string[]): { text: string; path: readonly string[] }[] {
  if (typeof value === "string") return value.length < shortest ? [] : [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, String(index)]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}

/** An error may repeat one line of a certificate. */
function linesOf(text: string): string[] {
  if (!text.includes("\n")) return [];
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestLine);
}

/**
 * Puts its name in the place of every text that is known, in clear, URL-encoded, JSON-escaped or base64; `spared` are names
 * that everybody knows and that a sentence cannot be understood without. Pure.
 */
export function hideTexts(text: string, known: readonly NamedText[], spared: ReadonlySet<string>): string {
  return known
    .filter((each) => !spared.has(each.text))
    .flatMap(({ text: secret, name }) => formsOf(secret).map((form) => ({ form, name })))
    .sort((a, b) => b.form.length - a.form.length)
    .reduce((clean, { form, name }) => clean.split(form).join(`<${name}>`), text);
}
