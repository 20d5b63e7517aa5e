import { createHash } from "node:crypto";
import type { ClusterProfile } from "../../site/types.js";
import type { Observed } from "../types.js";
import { subjectOf } from "./health.js";
import type { GatewayReading, TenantReading } from "./probe.js";

/** Digest of the applied profiles by `tenant/name`, of the gateways whose profiles are told. */
export function profilesOf(readings: readonly TenantReading[]): { [subject: string]: Observed } {
  const digests = readings.flatMap((tenant) =>
    tenant.gateways.flatMap((gateway): [string, string][] => {
      const digest = profileDigest(gateway);
      return digest === null ? [] : [[subjectOf(tenant, gateway), digest]];
    }),
  );
  return Object.fromEntries(digests.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Digest of a gateway's applied profiles, values included as digests: Palette keeps them as they are until somebody approves
 * an update, so that another digest is an update that was approved. Null where they are not told.
 */
export function profileDigest({ applied }: Pick<GatewayReading, "applied">): string | null {
  if (applied === null || !applied.ok || applied.value.profiles.length === 0) return null;
  const lines = applied.value.profiles.map(lineOf).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

function lineOf({ uid, name, version, packs }: ClusterProfile): string {
  const parts = packs.map((pack) => [pack.name, pack.layer, pack.version, pack.digest, pack.valuesDigest]);
  return JSON.stringify([uid, name, version, parts.sort()]);
}
