import { createNote, toErrorFinding, type Finding } from "../verdict/findings.js";
import type { Overlord } from "../../site/types.js";
import type { GatewayReading, TenantReading } from "./probe.js";

/** States from which a cluster reaches Running by itself. */
const transitionalStates: ReadonlySet<string> = new Set(["Pending", "Provisioning", "Importing"]);

/** Judges state, health, heartbeat and agent version of one PCG. A heartbeat older than `maxAgeSeconds` is stale. */
export function judgeHealth(subject: string, overlord: Overlord, now: Date, maxAgeSeconds: number): Finding[] {
  return [
    ...judgeState(subject, overlord.state),
    ...judgeReportedHealth(subject, overlord.health),
    ...judgeHeartbeat(subject, overlord, now, maxAgeSeconds),
    ...(overlord.agentVersion === "" ? [createNoAgentVersionFinding(subject)] : []),
  ];
}

/** Returns the age of the last heartbeat in seconds; null if there is none or it cannot be parsed. */
export function computeHeartbeatAge(overlord: Overlord, now: Date): number | null {
  const at = Date.parse(overlord.lastHeartbeat ?? "");
  return Number.isNaN(at) ? null : (now.getTime() - at) / 1000;
}

function judgeState(subject: string, state: string): Finding[] {
  if (state === "Running") return [];
  const seen = `PCG ${subject}: state is ${state === "" ? "not reported" : state}, expected Running.`;
  const finding = { code: "PCG_NOT_RUNNING", member: subject };
  if (transitionalStates.has(state)) return [{ ...finding, outcome: "wait", message: `${seen} It may still come up.` }];
  if (state === "Deleting") {
    return [{ ...finding, outcome: "fail", message: `${seen} If it is to go, remove it from palette:tenants.` }];
  }
  return [{ ...finding, outcome: "unknown", message: `${seen} Look at the gateway's page in Palette.` }];
}

function judgeReportedHealth(subject: string, health: string): Finding[] {
  if (health === "Healthy") return [];
  if (health === "") {
    const message = `PCG ${subject}: health is not reported, expected Healthy. Look at the gateway's page in Palette.`;
    return [{ outcome: "unknown", code: "PCG_HEALTH_UNKNOWN", member: subject, message }];
  }
  const message = `PCG ${subject}: health is ${health}, expected Healthy. Its page in Palette, tab Events, says why.`;
  return [{ outcome: "wait", code: "PCG_UNHEALTHY", member: subject, message }];
}

function judgeHeartbeat(subject: string, overlord: Overlord, now: Date, maxAgeSeconds: number): Finding[] {
  const age = computeHeartbeatAge(overlord, now);
  if (age !== null && Math.round(age) <= maxAgeSeconds) return [];
  const seen = age === null ? "has sent no heartbeat" : `last heartbeat is of ${overlord.lastHeartbeat}`;
  const message =
    `PCG ${subject}: ${seen}, expected one within ${maxAgeSeconds} s. ` +
    "Check that its cluster runs and reaches Palette on port 443.";
  return [{ outcome: "wait", code: "PCG_HEARTBEAT_STALE", member: subject, message }];
}

function createNoAgentVersionFinding(subject: string): Finding {
  const message = `PCG ${subject}: the version of its agent is not reported. Look at the gateway's page in Palette.`;
  return { outcome: "unknown", code: "PCG_AGENT_UNKNOWN", member: subject, message };
}

/**
 * Judges whether updates of a PCG's agent are paused, per scope; a scope that cannot be read is unknown. By the vendor's
 * later text the gateway's own setting decides: a tenant's pause sets it once, and resuming the gateway overrides that.
 */
export function judgePause(tenant: TenantReading, gateway: GatewayReading): Finding[] {
  const subject = formatGatewaySubject(tenant, gateway);
  const findings: Finding[] = [];
  if (gateway.overlord.paused)
    findings.push(createPausedFinding(subject, "PCG_PAUSED", `platform updates of this PCG are paused`, ownSwitch));
  const { clusterPaused } = gateway;
  if (!clusterPaused.ok) {
    findings.push(
      toErrorFinding(clusterPaused.error, subject, `PCG ${subject}: whether its updates are paused could not be read`),
    );
  } else if (clusterPaused.value === true && !gateway.overlord.paused) {
    findings.push(createPausedFinding(subject, "PCG_PAUSED", "cluster updates of this PCG are paused", ownSwitch));
  } else if (clusterPaused.value === null) {
    const message = `PCG ${subject}: whether its cluster updates are paused is not reported by Palette. Look at ${ownSwitch}.`;
    findings.push({ outcome: "unknown", code: "PCG_PAUSE_UNKNOWN", member: subject, message });
  }
  const { platformPaused } = tenant;
  if (!platformPaused.ok) {
    const what = `Whether tenant ${tenant.tenant} has platform updates paused could not be read`;
    findings.push(toErrorFinding(platformPaused.error, tenant.tenant, what));
  } else if (platformPaused.value && !gateway.overlord.paused && clusterPaused.ok && clusterPaused.value === false) {
    findings.push(
      createNote(`PCG ${subject}: tenant ${tenant.tenant} has platform updates paused, ${ownDecides}`, subject),
    );
  } else if (platformPaused.value) {
    findings.push(
      createPausedFinding(
        subject,
        "TENANT_PAUSED",
        `tenant ${tenant.tenant} has platform updates paused`,
        tenantSwitch,
      ),
    );
  }
  return findings;
}

/** Returns the gateway as `tenant/name`. */
export function formatGatewaySubject({ tenant }: Pick<TenantReading, "tenant">, { overlord }: GatewayReading): string {
  return `${tenant}/${overlord.name}`;
}

const ownSwitch = "Tenant Settings > Private Cloud Gateways > the gateway > Settings > Pause Platform Upgrades";
const tenantSwitch = "Tenant Settings > Platform Settings > Pause Platform Upgrades";
const ownDecides =
  "but its own setting has them on, and that decides (vendor's page Pause Agent Upgrades, Agent Upgrades for PCG and Edge Hosts). " +
  "The next change of the tenant's setting sets the gateway's again.";

function createPausedFinding(subject: string, code: string, seen: string, where: string): Finding {
  const message = `PCG ${subject}: ${seen}, so its agent is not updated. A person resumes them in Palette: ${where}.`;
  return { outcome: "fail", code, member: subject, message };
}
