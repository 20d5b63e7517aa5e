import type { Gate, Observed } from "../verdict/types.js";
import { softenVerdict, createVerdict } from "../verdict/findings.js";
import { formatGatewaySubject } from "./health.js";
import { formatAgentImages } from "./gateway-cluster.js";
import { judgeReadiness } from "./judge.js";
import { probePcgs, type TenantReading } from "./probe.js";
import { collectProfileDigests } from "./profiles.js";

/** Checks that every PCG is ready for a hop. Records agent versions and profiles, the baseline of the catch-up. */
export const pcgReadinessGate: Gate = {
  name: "pcg-readiness",
  timing: { deadlineSeconds: 600, intervalSeconds: 60, samples: 1 },
  recheck: "start-only",
  async sample({ site, settings, edge, only, clock }, signal) {
    const readings = await probePcgs({ site, settings, only, since: null }, signal);
    const findings = judgeReadiness({ settings, readings, only, now: await clock.now() });
    const verdict = createVerdict("pcg-readiness", findings, {
      live: edge.from,
      agents: collectAgentVersions(readings),
      profiles: collectProfileDigests(readings),
    });
    // A patch brings no new agent: faults are reported but do not block.
    return edge.change === "patch" ? softenVerdict(verdict) : verdict;
  },
};

/** Collects agent versions by `tenant/name`; for a gateway known only by its cluster, its agent's images. */
export function collectAgentVersions(readings: readonly TenantReading[]): { [subject: string]: Observed } {
  const agents = readings.flatMap((tenant) => [
    ...tenant.gateways.map((gateway): [string, string] => [
      formatGatewaySubject(tenant, gateway),
      gateway.overlord.agentVersion,
    ]),
    ...(tenant.overlords === null ? tenant.clusters : []).map(({ subject, reading }): [string, string] => [
      subject,
      reading.ok ? formatAgentImages(reading.value) : "",
    ]),
  ]);
  return Object.fromEntries(agents.filter(([, version]) => version !== "").sort(([a], [b]) => (a < b ? -1 : 1)));
}
