import type { Gate, Observed } from "../types.js";
import { softened, verdictOf } from "../verdict.js";
import { subjectOf } from "./health.js";
import { agentImages } from "./gateway-cluster.js";
import { judgeReadiness } from "./judge.js";
import { probePcgs, type TenantReading } from "./probe.js";
import { profilesOf } from "./profiles.js";

/** Every PCG is fit for a hop. A pass records agent versions and profiles: the baseline of the catch-up after it. */
export const pcgReadinessGate: Gate = {
  name: "pcg-readiness",
  timing: { deadlineSeconds: 600, intervalSeconds: 60, samples: 1 },
  recheck: "start-only",
  reads: [
    "Palette API, tenant scope: GET /v1/overlords, /v1/spectroclusters/{uid}, /v1/spectroclusters/{uid}/profileUpdates, /v1/spectroclusters/upgrade/settings; role Tenant Viewer",
    "On a gateway's own cluster, where palette:pcgClusters names one: namespaces (list); deployments, statefulsets, daemonsets (list)",
  ],
  async sample({ site, settings, edge, only, clock }, signal) {
    const readings = await probePcgs({ site, settings, only, since: null }, signal);
    const findings = judgeReadiness({ settings, readings, only, now: await clock.now() });
    const verdict = verdictOf("pcg-readiness", findings, {
      live: edge.from,
      agents: agentsOf(readings),
      profiles: profilesOf(readings),
    });
    // Before a patch no new agent is at stake: what is amiss is told, and holds nothing up.
    return edge.change === "patch" ? softened(verdict) : verdict;
  },
};

/** Agent versions by `tenant/name`; of a gateway seen by its cluster alone, the images of its agent. */
export function agentsOf(readings: readonly TenantReading[]): { [subject: string]: Observed } {
  const agents = readings.flatMap((tenant) => [
    ...tenant.gateways.map((gateway): [string, string] => [subjectOf(tenant, gateway), gateway.overlord.agentVersion]),
    ...(tenant.overlords === null ? tenant.clusters : []).map(({ subject, reading }): [string, string] => [
      subject,
      reading.ok ? agentImages(reading.value) : "",
    ]),
  ]);
  return Object.fromEntries(agents.filter(([, version]) => version !== "").sort(([a], [b]) => (a < b ? -1 : 1)));
}
