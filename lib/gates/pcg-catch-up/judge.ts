import type { GateSettings } from "../../settings/gate-settings.js";
import { judgeCoverage } from "../pcg-readiness/coverage.js";
import { isAgentImages } from "../pcg-readiness/gateway-cluster.js";
import { judgeClusters } from "../pcg-readiness/judge.js";
import { judgeAgentImages } from "./agent-images.js";
import { formatGatewaySubject } from "../pcg-readiness/health.js";
import type { TenantReading } from "../pcg-readiness/probe.js";
import { createNote, type Finding } from "../verdict/findings.js";
import { judgeAgent } from "./agent.js";
import type { Arrival } from "../verdict/run-memory.js";
import type { RunMemory } from "../verdict/run-memory.js";
import { judgeProfile } from "./profile.js";

interface CatchUpFacts {
  settings: Pick<GateSettings, "tenants" | "pcg">;
  readings: readonly TenantReading[];
  only?: string | undefined;
  arrival: Arrival;
  /** Agent versions before the hop, by `tenant/name`. */
  baseline: Readonly<Record<string, string>>;
  /** Digest of the applied profiles before the hop, by `tenant/name`. */
  profileBaseline: Readonly<Record<string, string>>;
  memory: RunMemory["gateways"];
  now: Date;
}

/** Judges whether every listed PCG has caught up: its agent has settled and no profile update is left open. */
export function judgeCatchUp(facts: CatchUpFacts): Finding[] {
  const coverage = judgeCoverage(facts.settings, facts.readings, facts.only);
  const { arrival } = facts;
  if (arrival.startedAt === null) return [...coverage, createNotStartedFinding(arrival)];
  const startedAt = new Date(arrival.startedAt);
  const gateways = facts.readings.flatMap((tenant) =>
    tenant.gateways.flatMap((gateway) => judgeGateway(facts, tenant, gateway, startedAt)),
  );
  const clusters = facts.readings.flatMap((tenant) => judgeOwnClusters(facts, tenant, startedAt));
  const judged = [...gateways, ...clusters];
  return [...coverage, ...judged, ...(judged.length > 0 ? [createHostClustersNote()] : [])];
}

/** Judges the gateways' own clusters: their workloads and, without access to the Palette API, their agents' images. */
function judgeOwnClusters(facts: CatchUpFacts, tenant: TenantReading, startedAt: Date): Finding[] {
  if (tenant.overlords !== null) return judgeClusters(tenant);
  const { settings, arrival, baseline, now } = facts;
  const deadline = new Date(startedAt.getTime() + settings.pcg.deadlineSeconds * 1000);
  return tenant.clusters.flatMap((cluster) => {
    const { subject, reading } = cluster;
    const imagesFacts = { subject, reading, arrival, startedAt, before: baseline[subject], pcg: settings.pcg, now };
    const findings = [...judgeClusters({ ...tenant, clusters: [cluster] }), ...judgeAgentImages(imagesFacts)];
    return applyDeadline(findings, subject, deadline, now);
  });
}

function judgeGateway(
  facts: CatchUpFacts,
  tenant: TenantReading,
  gateway: TenantReading["gateways"][number],
  startedAt: Date,
): Finding[] {
  const { settings, arrival, baseline, profileBaseline, memory, now } = facts;
  const subject = formatGatewaySubject(tenant, gateway);
  const gatewayFacts = {
    subject,
    tenant,
    gateway,
    arrival,
    startedAt,
    before: toAgentVersion(baseline[subject]),
    profileBefore: profileBaseline[subject],
    remembered: memory.get(subject),
    pcg: settings.pcg,
    now,
  };
  const agent = judgeAgent(gatewayFacts);
  const profile = judgeProfile(gatewayFacts, agent.settledAt);
  return applyDeadline([...agent.findings, ...profile.findings], subject, profile.deadline, now);
}

/** Returns a recorded agent version; undefined when images were recorded, which are no version. */
function toAgentVersion(recorded: string | undefined): string | undefined {
  return recorded !== undefined && isAgentImages(recorded) ? undefined : recorded;
}

/** Turns findings that still wait after the PCG's deadline into failures; their codes and messages stay. */
function applyDeadline(findings: Finding[], subject: string, deadline: Date, now: Date): Finding[] {
  if (now.getTime() < deadline.getTime() || !findings.some(({ outcome }) => outcome === "wait")) return findings;
  const message =
    `PCG ${subject}: its time to catch up was over at ${deadline.toISOString()}; what is named below is still open. ` +
    "Fix it and run the same command again; nothing that was upgraded is lost.";
  return [
    { outcome: "fail", code: "DEADLINE", member: subject, message },
    ...findings.map((finding): Finding => (finding.outcome === "wait" ? { ...finding, outcome: "fail" } : finding)),
  ];
}

function createNotStartedFinding({ version, notYet }: Arrival): Finding {
  const message =
    `The clock of the gateways has not started: Palette ${version} is not rolled out (${notYet.slice(0, 5).join(", ")}` +
    `${notYet.length > 5 ? `, and ${notYet.length - 5} more` : ""}).`;
  return { outcome: "wait", code: "ROLLOUT_PENDING", member: null, message };
}

function createHostClustersNote(): Finding {
  return createNote("Host clusters deployed through these gateways are not affected by the gateways' own upgrade.");
}
