import type { TenantReading } from "../pcg-readiness/probe.js";
import { findPendingUpdates } from "../pcg-readiness/judge.js";
import { formatGatewaySubject } from "../pcg-readiness/health.js";

/** What earlier samples of this process saw of one PCG; the deadline never depends on it. Times are ISO 8601. */
export interface GatewayMemory {
  agentVersion: string;
  /** When this agent version was first seen. */
  versionSeenAt: string;
  /** True if this version was already there at this process's first sample, so that the change itself was not seen. */
  presentAtFirstSample: boolean;
  /** When a profile update was first seen pending; null if none was. */
  updateSeenAt: string | null;
}

export type Memory = ReadonlyMap<string, GatewayMemory>;

/** Returns the memory after one more sample. Pure. */
export function updateMemory(
  memory: Memory,
  readings: readonly TenantReading[],
  now: Date,
): Map<string, GatewayMemory> {
  const next = new Map(memory);
  for (const tenant of readings) {
    for (const gateway of tenant.gateways) {
      const subject = formatGatewaySubject(tenant, gateway);
      const { agentVersion } = gateway.overlord;
      const known = memory.get(subject);
      const pending = findPendingUpdates(subject, gateway);
      const isPending = "names" in pending && pending.names.length > 0;
      const updateSeenAt = known?.updateSeenAt ?? (isPending ? now.toISOString() : null);
      const seen =
        known?.agentVersion === agentVersion
          ? known
          : { agentVersion, versionSeenAt: now.toISOString(), presentAtFirstSample: known === undefined };
      next.set(subject, { ...seen, updateSeenAt });
    }
  }
  return next;
}
