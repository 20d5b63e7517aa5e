import { createHash } from "node:crypto";
import { type ClusterProfile, type Overlord } from "../../site/types.js";
import { type Observed } from "../verdict/types.js";
import { formatGatewaySubject } from "./health.js";
import { type GatewayReading, type TenantReading } from "./probe.js";
import { type Finding } from "../verdict/findings.js";

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

/**
 * Judges whether a template variable of the gateway's cluster profile still has no value: Palette applies nothing until
 * it has one, and only a person knows the right value. Empty if none is pending.
 */
export function judgePendingVariables(subject: string, overlord: Overlord, outcome: "fail" | "wait"): Finding[] {
  if (!overlord.variablesPending) return [];
  const message =
    `PCG ${subject}: a variable of its cluster profile waits for a value, expected none to be open: no profile update is applied before. ` +
    `A person gives the value in Palette: ${whereToApprove}.`;
  return [{ outcome, code: "PCG_VARIABLE_PENDING", member: subject, message }];
}

/** Where a pending profile update is approved in Palette. */
export const whereToApprove =
  "Tenant Settings > Private Cloud Gateways > the gateway > Updates, review the changes, then Confirm updates";
