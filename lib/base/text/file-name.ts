declare const brand: unique symbol;

/** A single name in a folder: it holds no separator and no `..`, whoever has chosen it. */
export type FileName = string & { readonly [brand]: "FileName" };

const fileNamePattern = /^[A-Za-z0-9_][A-Za-z0-9_.+~-]{0,199}$/;

/** Parses a name from outside; null where it could lead out of a folder, or no file system takes it. */
export function parseFileName(text: string): FileName | null {
  return isFileName(text) ? text : null;
}

/** Encodes any text as a file name, the same for the same text. */
export function encodeFileName(text: string): string {
  return encodeURIComponent(text).replace(/^\.+$/, (dots) => "%2E".repeat(dots.length));
}

function isFileName(text: string): text is FileName {
  return fileNamePattern.test(text) && !text.includes("..");
}
