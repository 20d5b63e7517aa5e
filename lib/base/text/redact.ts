export const redacted = "<redacted>";

/** Patterns of secrets that are not listed, e.g. in a log line of another pod. */
const suspicious: [RegExp, string][] = [
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${redacted}@`],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/((?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key)["']?\s*[=:]\s*["']?)[^\s"',;&}]+/gi, `$1${redacted}`],
];

/**
 * Removes secrets from a text: the listed ones, in clear, URL-encoded, JSON-escaped and base64; and what looks like
 * one. All output of a gate's process passes through here.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  // Longest first, so that no form is cut by a shorter one.
  const forms = secrets.flatMap(listSecretForms).sort((a, b) => b.length - a.length);
  for (const form of forms) clean = clean.split(form).join(redacted);
  for (const [pattern, replacement] of suspicious) clean = clean.replace(pattern, replacement);
  return clean;
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
    base64.replace(/=+$/, ""),
  ];
  return [...new Set(forms)];
}
