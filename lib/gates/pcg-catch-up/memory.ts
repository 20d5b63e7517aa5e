import type { TenantReading } from "../pcg-readiness/probe.js";
import { pendingUpdates } from "../pcg-readiness/judge.js";
import { subjectOf } from "../pcg-readiness/health.js";

/** What earlier looks of the same process saw of one PCG; the clock itself never depends on it. ISO 8601. */
export interface Remembered {
  agentVersion: string;
  /** When this agent version was first seen. */
  versionSeenAt: string;
  /** True when it was there at the first look of this process, so that the change itself was not seen. */
  atFirstLook: boolean;
  /** When a profile update was first seen to be pending; null when none was. */
  updateSeenAt: string | null;
}

export type Memory = ReadonlyMap<string, Remembered>;

/** The memory after one more look. Pure. */
export function remember(memory: Memory, readings: readonly TenantReading[], now: Date): Map<string, Remembered> {
  const next = new Map(memory);
  for (const tenant of readings) {
    for (const gateway of tenant.gateways) {
      const subject = subjectOf(tenant, gateway);
      const { agentVersion } = gateway.overlord;
      const known = memory.get(subject);
      const pending = pendingUpdates(subject, gateway);
      const isPending = "names" in pending && pending.names.length > 0;
      const updateSeenAt = known?.updateSeenAt ?? (isPending ? now.toISOString() : null);
      const seen =
        known?.agentVersion === agentVersion
          ? known
          : { agentVersion, versionSeenAt: now.toISOString(), atFirstLook: known === undefined };
      next.set(subject, { ...seen, updateSeenAt });
    }
  }
  return next;
}
