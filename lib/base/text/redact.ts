import { createTextFinder, type TextRange } from "./find-texts.js";

const redacted = "<redacted>";

/**
 * Patterns of secrets that are not listed, e.g. in a log line of another pod. What repeats before a fixed
 * character is bounded, so that they take time in proportion to the text.
 */
const suspicious: [RegExp, string][] = [
  [/([a-z][a-z0-9+.-]{0,40}:\/\/)[^\s/@"']+@/gi, `$1${redacted}@`],
  [/\b(bearer|basic)\s{1,8}[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/((?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key)["']?\s{0,8}[=:]\s{0,8}["']?)[^\s"',;&}]+/gi, `$1${redacted}`],
];

/**
 * Removes secrets from a text: the listed ones, in clear, URL-encoded, JSON-escaped and base64; and what looks like
 * one. All output of a gate's process passes through here.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = replaceRanges(text, getFinder(secrets)(text));
  for (const [pattern, replacement] of suspicious) clean = clean.replace(pattern, replacement);
  return clean;
}

type TextFinder = ReturnType<typeof createTextFinder>;

/** A report is redacted text by text with one list of secrets. */
const finders = new WeakMap<readonly string[], { secrets: string; find: TextFinder }>();

function getFinder(secrets: readonly string[]): TextFinder {
  const key = JSON.stringify(secrets);
  const known = finders.get(secrets);
  if (known?.secrets === key) return known.find;
  const find = createTextFinder(secrets.flatMap(listSecretForms));
  finders.set(secrets, { secrets: key, find });
  return find;
}

function replaceRanges(text: string, ranges: readonly TextRange[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    parts.push(text.slice(at, start), redacted);
    at = end;
  }
  return parts.join("") + text.slice(at);
}

/** Lists the forms of a secret: in clear, URL-encoded, JSON-escaped and base64. */
export function listSecretForms(secret: string): string[] {
  if (secret === "") return [];
  const base64 = Buffer.from(secret).toString("base64");
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/={1,2}$/, ""),
  ];
  return [...new Set(forms)];
}
