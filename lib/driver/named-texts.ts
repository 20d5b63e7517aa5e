import { formatKeyPath, isMap } from "../base/text/value-paths.js";
import { createTextFinder } from "../base/text/find-texts.js";
import { listSecretForms } from "../base/text/redact.js";

/** A text that must not be shown, and the key to show in its place. */
export interface NamedText {
  text: string;
  /** e.g. `hubble mongo.databasePassword`. */
  name: string;
}

/** Shorter values are words such as `true` or a port; hiding them would make messages unreadable. */
const shortest = 6;
const shortestLine = 16;

/** Lists every text in the Helm values of one release, multi-line ones also line by line. Pure. */
export function listValueTexts(release: string, values: Record<string, unknown>): NamedText[] {
  return collectTexts(values, []).flatMap(({ text, path }) =>
    [text, ...listLongLines(text)].map((part) => ({ text: part, name: `${release} ${formatKeyPath(path)}` })),
  );
}

function collectTexts(value: unknown, path: readonly string[]): { text: string; path: readonly string[] }[] {
  if (typeof value === "string") return value.length < shortest ? [] : [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => collectTexts(item, [...path, String(index)]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => collectTexts(item, [...path, key]));
}

/** An error may repeat one line of a certificate. */
function listLongLines(text: string): string[] {
  if (!text.includes("\n")) return [];
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestLine);
}

/**
 * Replaces every known text by its name, whether in clear, URL-encoded, JSON-escaped or base64. `spared` are public
 * names, e.g. of namespaces, that messages need. Texts that overlap are one. Pure.
 */
export function hideTexts(text: string, known: readonly NamedText[], spared: ReadonlySet<string>): string {
  const forms = known
    .filter((each) => !spared.has(each.text))
    .flatMap(({ text: secret, name }) => listSecretForms(secret).map((form) => ({ form, name })))
    .sort((a, b) => b.form.length - a.form.length);
  const names = new Map(forms.map(({ form, name }): [string, string] => [form, name]).reverse());
  const find = createTextFinder([...names.keys()]);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of find(text)) {
    const found = text.slice(start, end);
    const name = names.get(found) ?? forms.find(({ form }) => found.includes(form))!.name;
    parts.push(text.slice(at, start), `<${name}>`);
    at = end;
  }
  return parts.join("") + text.slice(at);
}
