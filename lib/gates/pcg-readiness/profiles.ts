import { createHash } from "node:crypto";
import type { ClusterProfile } from "../../site/types.js";
import type { Observed } from "../verdict/types.js";
import { formatGatewaySubject } from "./health.js";
import type { GatewayReading, TenantReading } from "./probe.js";

/** Collects the digest of the applied profiles by `tenant/name`, for gateways whose profiles are known. */
export function collectProfileDigests(readings: readonly TenantReading[]): { [subject: string]: Observed } {
  const digests = readings.flatMap((tenant) =>
    tenant.gateways.flatMap((gateway): [string, string][] => {
      const digest = computeProfileDigest(gateway);
      return digest === null ? [] : [[formatGatewaySubject(tenant, gateway), digest]];
    }),
  );
  return Object.fromEntries(digests.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Computes the digest of a gateway's applied profiles, including the digests of their values. Palette leaves them
 * unchanged until somebody approves an update, so a changed digest means an approved update. Null if the profiles are
 * not known.
 */
export function computeProfileDigest({ applied }: Pick<GatewayReading, "applied">): string | null {
  if (applied === null || !applied.ok || applied.value.profiles.length === 0) return null;
  const lines = applied.value.profiles.map(formatProfileLine).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

function formatProfileLine({ uid, name, version, packs }: ClusterProfile): string {
  const parts = packs.map((pack) => [pack.name, pack.layer, pack.version, pack.digest, pack.valuesDigest]);
  return JSON.stringify([uid, name, version, parts.sort()]);
}
