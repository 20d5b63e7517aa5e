import { createHash } from "node:crypto";

/** A digest of the OCI image specification, `sha256:` or `sha512:` and lower-case hexadecimal. */
export interface Digest {
  algorithm: "sha256" | "sha512";
  text: string;
}

/** Parses a digest; null for one of another algorithm or form. */
export function parseDigest(text: string): Digest | null {
  const algorithm = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text) ? text.slice(0, 6) : null;
  return algorithm === "sha256" || algorithm === "sha512" ? { algorithm, text } : null;
}

/** Returns whether bytes hash to a digest. */
export function matchesDigest(bytes: Buffer, { algorithm, text }: Digest): boolean {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}` === text;
}
