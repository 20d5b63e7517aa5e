/** Control characters but tab and newline, and those that turn the direction of writing: they can hide or forge what is shown. */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text that a site, a person or a vendor wrote, fit for a terminal or a comment. */
export function printable(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(unprintable, "\ufffd");
}

/** At most `limit` characters, saying so where some are left out. */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, "")} … (${text.length - limit} more characters)`;
}
