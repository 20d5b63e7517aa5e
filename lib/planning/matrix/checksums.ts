import { createHash } from "node:crypto";

/** The file beside the shipped matrices that holds their checksums, as `sha256sum -c` reads them. */
export const checksumsFile = "SHA256SUMS";

/** Computes the sha256 of bytes, hexadecimal. */
export function computeSha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Parses a SHA256SUMS file into file name -> sha256; lines that do not have the expected form are skipped. */
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
