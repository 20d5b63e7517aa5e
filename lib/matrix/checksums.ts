import { createHash } from "node:crypto";

/** The file beside the shipped matrices that holds their checksums, as `sha256sum -c` reads them. */
export const checksumsFile = "SHA256SUMS";

/** sha256 of bytes, hexadecimal. */
export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** File name to sha256 from the text of a SHA256SUMS file; lines of another form are left out. */
export function parseChecksums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, sum, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (sum !== undefined && name !== undefined) sums.set(name, sum);
  }
  return sums;
}

/** The text of a SHA256SUMS file, sorted by file name. */
export function formatChecksums(sums: ReadonlyMap<string, string>): string {
  const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, sum]) => `${sum}  ${name}\n`).join("");
}
