/** Looks for a planted secret in whatever form a program may have written it. Knows nothing of the product's own redaction. */

/** A secret that was planted, and what it is. */
export interface Planted {
  name: string;
  value: string;
}

/** Forms that a text may hold a secret in, by name; a form that is no other than the plain one is left out. */
export function formsOfSecret(value: string): Record<string, string[]> {
  const url = encodeURIComponent(value);
  const json = escaped(value);
  const forms: Record<string, string[]> = {
    plain: [value],
    "base64 at byte 0": base64At(value, 0),
    "base64 at byte 1": base64At(value, 1),
    "base64 at byte 2": base64At(value, 2),
    "URL-encoded": [url, url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())],
    "JSON-escaped": [json],
    "JSON in JSON": [escaped(json)],
  };
  return Object.fromEntries(
    Object.entries(forms).filter(([name, texts]) => name === "plain" || texts.some((text) => text !== value)),
  );
}

/** Tells `secret (form)` of every planted secret that a text holds, sorted. */
export type Search = (text: string) => string[];

export function searchFor(planted: readonly Planted[]): Search {
  const known = planted.flatMap(({ name, value }) =>
    Object.entries(formsOfSecret(value)).map(([form, texts]) => ({ title: `${name} (${form})`, texts })),
  );
  return (text) =>
    known
      .filter(({ texts }) => texts.some((form) => text.includes(form)))
      .map(({ title }) => title)
      .sort();
}

/** What the bytes look like inside a longer base64 text, wherever a multiple of three begins; both alphabets. */
function base64At(value: string, before: 0 | 1 | 2): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
  const text = bytes.toString("base64").slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
  return [text, text.replaceAll("+", "-").replaceAll("/", "_")];
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
