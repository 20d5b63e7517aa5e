import type { GateSettings } from "../../stack/gate-settings.js";
import { heartbeatAge, judgeHealth, judgePause } from "../pcg-readiness/health.js";
import type { GatewayReading, TenantReading } from "../pcg-readiness/probe.js";
import { softenFinding, type Finding, note } from "../verdict.js";
import type { Arrival } from "./clock.js";
import type { Remembered } from "./memory.js";
import { inWords } from "../duration.js";

export interface GatewayQuestion {
  subject: string;
  tenant: TenantReading;
  gateway: GatewayReading;
  arrival: Arrival;
  startedAt: Date;
  /** Agent version before the hop; undefined when none was recorded. */
  before: string | undefined;
  /** Digest of its profiles before the hop; undefined when none was recorded. */
  profileBefore: string | undefined;
  remembered: Remembered | undefined;
  pcg: GateSettings["pcg"];
  now: Date;
}

export interface AgentAnswer {
  findings: Finding[];
  /** When the agent had settled, as far as can be told; null while it has not. */
  settledAt: Date | null;
}

/**
 * Settled means: another version than before the hop, a heartbeat newer than that change, healthy. An agent that stays as
 * it was is judged by the clock: after `unchangedSeconds` a patch brought none, a minor or major should have. Never by
 * comparing with Palette's own version: agents are numbered by themselves.
 */
export function judgeAgent(question: GatewayQuestion): AgentAnswer {
  const { subject, gateway, before, pcg, now } = question;
  const health = judgeHealth(subject, gateway.overlord, now, pcg.heartbeatMaxAgeSeconds);
  const changed = before !== undefined && gateway.overlord.agentVersion !== before;
  const { findings, settledAt } = changed ? judgeChanged(question) : judgeUnchanged(question);
  const all = [...health, ...judgePauseHere(question, changed), ...findings];
  const open = all.some(({ outcome }) => outcome !== "pass");
  return { findings: all, settledAt: open ? null : settledAt };
}

/** A pause matters where a new agent is known to be still to come. */
function judgePauseHere({ tenant, gateway, arrival, before }: GatewayQuestion, changed: boolean): Finding[] {
  const findings = judgePause(tenant, gateway);
  const matters = !changed && before !== undefined && (arrival.change === "minor" || arrival.change === "major");
  return matters ? findings : findings.map(softenFinding);
}

function judgeChanged({ subject, gateway, before, startedAt, remembered, pcg, now }: GatewayQuestion): AgentAnswer {
  const { agentVersion } = gateway.overlord;
  const changedBy = changeSeenAt(startedAt, remembered, pcg.unchangedSeconds, now);
  const age = heartbeatAge(gateway.overlord, now);
  const beat = age === null ? null : new Date(now.getTime() - age * 1000);
  if (beat !== null && beat.getTime() >= changedBy.getTime()) {
    return { findings: [note(`PCG ${subject}: agent ${before} -> ${agentVersion}.`, subject)], settledAt: changedBy };
  }
  const message =
    `PCG ${subject}: agent is at ${agentVersion} (before the hop ${before}), seen at ${changedBy.toISOString()}; ` +
    `a heartbeat newer than that is awaited (last ${gateway.overlord.lastHeartbeat ?? "never"}).`;
  return { findings: [{ outcome: "wait", code: "PCG_AGENT_SETTLING", member: subject, message }], settledAt: null };
}

/**
 * By when the agent had changed. A change that this process did not see happen is taken to be no later than the time the
 * vendor allows for it, so that a run taken up later does not begin that wait again.
 */
function changeSeenAt(startedAt: Date, remembered: Remembered | undefined, unchangedSeconds: number, now: Date): Date {
  const seen = remembered === undefined ? now : new Date(remembered.versionSeenAt);
  if (remembered?.atFirstLook === false) return seen;
  return new Date(Math.min(seen.getTime(), startedAt.getTime() + unchangedSeconds * 1000));
}

function judgeUnchanged({ subject, gateway, arrival, before, startedAt, pcg, now }: GatewayQuestion): AgentAnswer {
  const { agentVersion } = gateway.overlord;
  const until = new Date(startedAt.getTime() + pcg.unchangedSeconds * 1000);
  const patience = inWords(pcg.unchangedSeconds);
  if (now.getTime() < until.getTime()) {
    const was = before === undefined ? "none was recorded before the hop" : `as before the hop`;
    const message =
      `PCG ${subject}: agent is at ${agentVersion}, ${was}. It asks Palette every ${inWords(pcg.pollSeconds)}; ` +
      `a new one is awaited until ${until.toISOString()}.`;
    return { findings: [{ outcome: "wait", code: "PCG_AGENT_UNCHANGED", member: subject, message }], settledAt: null };
  }
  if (before === undefined) {
    const message = `PCG ${subject}: agent is at ${agentVersion}; none was recorded before ${arrival.version} came, so only its health is judged.`;
    return { findings: [note(message, subject)], settledAt: until };
  }
  if (arrival.change === "patch" || arrival.change === "none") {
    const message = `PCG ${subject}: no new agent offered in ${patience} after ${arrival.version}; it stays at ${agentVersion}.`;
    return { findings: [note(message, subject)], settledAt: until };
  }
  const message =
    `PCG ${subject}: agent is still at ${agentVersion} more than ${patience} after ${arrival.from} -> ${arrival.version}, a ` +
    `${arrival.change} hop that brings a new one. Whether it has what it needs cannot be told: look at Agent Version and Events ` +
    "on the gateway's page in Palette and at its way to Palette, then run this again.";
  return { findings: [{ outcome: "unknown", code: "PCG_AGENT_UNCHANGED", member: subject, message }], settledAt: null };
}
