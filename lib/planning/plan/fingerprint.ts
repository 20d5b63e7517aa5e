import { createHash } from "node:crypto";
import { toCanonicalJson } from "../../base/text/canonical-json.js";
import { type Version } from "../version/version.js";
import { type Hop, type OwnRow } from "./types.js";

/** The inputs of a plan's fingerprint: if any of them changes, the fingerprint does. */
interface FingerprintParts {
  /** All versions of the route, the source first. */
  route: readonly Version[];
  /** sha256 of the matrix. */
  matrixSha256: string;
  hops: readonly Hop[];
  /** The site's own rows that the route uses. */
  ownRows: readonly OwnRow[];
  /** sha256 of each chart of the route, where known. */
  chartDigests: Readonly<Record<string, string>>;
}

/** Computes the sha256 (hexadecimal) of the parts' canonical JSON; each advisory counts once: id, severity, summary. */
export function computeFingerprint({ route, matrixSha256, hops, ownRows, chartDigests }: FingerprintParts): string {
  const advisories = hops
    .flatMap((hop) => hop.advisories)
    .map(({ id, severity, summary }) => toCanonicalJson({ id, severity, summary }));
  const own = ownRows.length === 0 ? {} : { ownRows };
  const parts = { advisories: [...new Set(advisories)].sort(), chartDigests, matrix: matrixSha256, route, ...own };
  return createHash("sha256").update(toCanonicalJson(parts)).digest("hex");
}
