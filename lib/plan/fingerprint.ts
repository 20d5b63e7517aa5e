import { createHash } from "node:crypto";
import type { Version } from "../version/version.js";
import type { Hop, OwnRow } from "./types.js";

/** What a plan stands on: when any of it changes, so does the fingerprint. */
export interface FingerprintParts {
  /** All versions of the road, the source first. */
  route: readonly Version[];
  /** sha256 of the matrix. */
  matrixSha256: string;
  hops: readonly Hop[];
  /** Rows of the site's own that the road goes along. */
  ownRows: readonly OwnRow[];
  /** sha256 of each chart of the road, where known. */
  chartDigests: Readonly<Record<string, string>>;
}

/** sha256, hexadecimal, over the canonical JSON of the parts; of the advisories: id, severity and summary, each once. */
export function fingerprintOf({ route, matrixSha256, hops, ownRows, chartDigests }: FingerprintParts): string {
  const advisories = hops
    .flatMap((hop) => hop.advisories)
    .map(({ id, severity, summary }) => canonicalJson({ id, severity, summary }));
  const own = ownRows.length === 0 ? {} : { ownRows };
  const parts = { advisories: [...new Set(advisories)].sort(), chartDigests, matrix: matrixSha256, route, ...own };
  return createHash("sha256").update(canonicalJson(parts)).digest("hex");
}

/** JSON with the keys of every object sorted and no white space: equal data gives equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}
