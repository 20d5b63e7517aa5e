import type { TenantReading } from "../pcg-readiness/probe.js";
import { findPendingUpdates } from "../pcg-readiness/judge.js";
import type { GatewayMemory, RunMemory } from "../verdict/run-memory.js";
import { formatGatewaySubject } from "../pcg-readiness/health.js";

/** Returns the memory after one more sample. Pure. */
export function updateMemory(
  memory: RunMemory["gateways"],
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
