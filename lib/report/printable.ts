/** Control characters except tab and newline, and bidirectional controls: they can hide or forge what is shown. */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Replaces unprintable characters, so that text from a site, person or vendor is safe in a terminal or comment. */
export function toPrintable(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(unprintable, "\ufffd");
}

/** Clips text to `limit` characters and says how many are left out. */
export function clipText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, "")} … (${text.length - limit} more characters)`;
}
