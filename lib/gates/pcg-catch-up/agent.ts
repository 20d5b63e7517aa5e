import type { GateSettings } from "../../settings/gate-settings.js";
import { computeHeartbeatAge, judgeHealth, judgePause } from "../pcg-readiness/health.js";
import type { GatewayReading, TenantReading } from "../pcg-readiness/probe.js";
import { softenFinding, type Finding, createNote } from "../verdict/findings.js";
import type { Arrival } from "../verdict/run-memory.js";
import type { GatewayMemory } from "../verdict/run-memory.js";
import { formatDuration } from "../../base/time/duration.js";

export interface GatewayFacts {
  subject: string;
  tenant: TenantReading;
  gateway: GatewayReading;
  arrival: Arrival;
  startedAt: Date;
  /** Agent version before the hop; undefined if none was recorded. */
  before: string | undefined;
  /** Digest of the gateway's profiles before the hop; undefined if none was recorded. */
  profileBefore: string | undefined;
  remembered: GatewayMemory | undefined;
  pcg: GateSettings["pcg"];
  now: Date;
}

interface AgentJudgement {
  findings: Finding[];
  /** When the agent settled, as far as is known; null while it has not. */
  settledAt: Date | null;
}

/**
 * Judges whether an agent has settled: its version differs from the one before the hop, its heartbeat is newer than
 * that change, and it is healthy. An unchanged agent is judged by time: after `unchangedSeconds` a patch is taken to
 * have brought no new agent, but a minor or major hop should have. Agent versions are never compared with Palette's own
 * version, because agents have their own numbering.
 */
export function judgeAgent(facts: GatewayFacts): AgentJudgement {
  const { subject, gateway, before, pcg, now } = facts;
  const health = judgeHealth(subject, gateway.overlord, now, pcg.heartbeatMaxAgeSeconds);
  const changed = before !== undefined && gateway.overlord.agentVersion !== before;
  const { findings, settledAt } = changed ? judgeChangedAgent(facts) : judgeUnchangedAgent(facts);
  const all = [...health, ...judgePauseForAgent(facts, changed), ...findings];
  const open = all.some(({ outcome }) => outcome !== "pass");
  return { findings: all, settledAt: open ? null : settledAt };
}

/** Judges paused updates. A pause blocks only while a new agent is known to be still to come; else it is a note. */
function judgePauseForAgent({ tenant, gateway, arrival, before }: GatewayFacts, changed: boolean): Finding[] {
  const findings = judgePause(tenant, gateway);
  const matters = !changed && before !== undefined && (arrival.change === "minor" || arrival.change === "major");
  return matters ? findings : findings.map(softenFinding);
}

function judgeChangedAgent({
  subject,
  gateway,
  before,
  startedAt,
  remembered,
  pcg,
  now,
}: GatewayFacts): AgentJudgement {
  const { agentVersion } = gateway.overlord;
  const changedBy = computeLatestChangeTime(startedAt, remembered, pcg.unchangedSeconds, now);
  const age = computeHeartbeatAge(gateway.overlord, now);
  const heartbeatAt = age === null ? null : new Date(now.getTime() - age * 1000);
  if (heartbeatAt !== null && heartbeatAt.getTime() >= changedBy.getTime()) {
    return {
      findings: [createNote(`PCG ${subject}: agent ${before} -> ${agentVersion}.`, subject)],
      settledAt: changedBy,
    };
  }
  const message =
    `PCG ${subject}: agent is at ${agentVersion} (before the hop ${before}), seen at ${changedBy.toISOString()}; ` +
    `a heartbeat newer than that is awaited (last ${gateway.overlord.lastHeartbeat ?? "never"}).`;
  return { findings: [{ outcome: "wait", code: "PCG_AGENT_SETTLING", member: subject, message }], settledAt: null };
}

/**
 * Returns the latest time by which the agent changed. If this process did not see the change happen, it is taken to be
 * no later than the time the vendor allows for it, so that a resumed run does not start that wait again.
 */
function computeLatestChangeTime(
  startedAt: Date,
  remembered: GatewayMemory | undefined,
  unchangedSeconds: number,
  now: Date,
): Date {
  const seen = remembered === undefined ? now : new Date(remembered.versionSeenAt);
  if (remembered?.presentAtFirstSample === false) return seen;
  return new Date(Math.min(seen.getTime(), startedAt.getTime() + unchangedSeconds * 1000));
}

function judgeUnchangedAgent({ subject, gateway, arrival, before, startedAt, pcg, now }: GatewayFacts): AgentJudgement {
  const { agentVersion } = gateway.overlord;
  const until = new Date(startedAt.getTime() + pcg.unchangedSeconds * 1000);
  const maxWait = formatDuration(pcg.unchangedSeconds);
  if (now.getTime() < until.getTime()) {
    const was = before === undefined ? "none was recorded before the hop" : `as before the hop`;
    const message =
      `PCG ${subject}: agent is at ${agentVersion}, ${was}. It asks Palette every ${formatDuration(pcg.pollSeconds)}; ` +
      `a new one is awaited until ${until.toISOString()}.`;
    return { findings: [{ outcome: "wait", code: "PCG_AGENT_UNCHANGED", member: subject, message }], settledAt: null };
  }
  if (before === undefined) {
    const message = `PCG ${subject}: agent is at ${agentVersion}; none was recorded before ${arrival.version} came, so only its health is judged.`;
    return { findings: [createNote(message, subject)], settledAt: until };
  }
  if (arrival.change === "patch" || arrival.change === "none") {
    const message = `PCG ${subject}: no new agent offered in ${maxWait} after ${arrival.version}; it stays at ${agentVersion}.`;
    return { findings: [createNote(message, subject)], settledAt: until };
  }
  const message =
    `PCG ${subject}: agent is still at ${agentVersion} more than ${maxWait} after ${arrival.from} -> ${arrival.version}, a ` +
    `${arrival.change} hop that brings a new one. Whether it has what it needs cannot be determined: look at Agent Version and Events ` +
    "on the gateway's page in Palette and at its way to Palette, then run this again.";
  return { findings: [{ outcome: "unknown", code: "PCG_AGENT_UNCHANGED", member: subject, message }], settledAt: null };
}
