import { minorOf, type Version } from "../../version/version.js";
import { faultAround, isActive } from "./faults.js";
import { minutes, seconds, type PcgSeed, type SiteModel, type SiteTime } from "./model.js";
import { rollOutDuration } from "./roll-out.js";

export interface SimulatedPcg {
  seed: PcgSeed;
  agentVersion: string;
  lastHeartbeat: SiteTime;
  /** Names of the profiles that wait for a person. */
  pendingProfiles: string[];
  paused: boolean;
  /** Newest first. */
  events: { at: SiteTime; reason: string; message: string }[];
}

const pollInterval = 15 * minutes;
const heartbeatInterval = 1 * minutes;
/** The simulated operator approves a profile update after this long, and it takes so long to apply. */
const approvalTakes = 10 * minutes;
const profileUpdateTakes = 5 * minutes;
const profileFollowsAgent = 30 * seconds;
const staleHeartbeat = 45 * minutes;

/** Where one PCG stands at a moment; the first PCG that the Palette CLI installed is the one that faults hit. */
export function pcgAt(model: SiteModel, seed: PcgSeed, now: SiteTime): SimulatedPcg {
  const hit = seed === firstCliPcg(model);
  const updates = updatesOf(model, seed, hit);
  const done = updates.filter(({ agentDone }) => agentDone <= now);
  const running = done.at(-1)?.version ?? model.startVersion;
  const stale = hit ? staleSince(model) : null;
  return {
    seed,
    agentVersion: agentVersionOf(running),
    lastHeartbeat: stale === null ? lastTick(now, heartbeatInterval, seed.phaseSeconds) : stale - staleHeartbeat,
    pendingProfiles: pendingProfiles(model, seed, hit, updates, now),
    paused: hit && isActive(model, "pcg-paused"),
    events: eventsOf(updates, model, now),
  };
}

/** The agent of a platform's minor. Its last number is one that no Palette release of a matrix carries. */
export function agentVersionOf(platform: Version): string {
  return `${minorOf(platform)}.2`;
}

/** Some minors bring a profile update, to PCGs that the Palette CLI installed. */
export function bringsProfileUpdate(version: Version): boolean {
  return Number(minorOf(version).split(".")[1]) % 2 === 0;
}

interface PcgUpdate {
  version: Version;
  agentDone: SiteTime;
  /** Null where the minor brings none, or the PCG is not eligible. */
  profile: { availableAt: SiteTime; approvedAt: SiteTime; doneAt: SiteTime } | null;
}

/** One agent update for each hop to another minor, one after the other. */
function updatesOf(model: SiteModel, seed: PcgSeed, hit: boolean): PcgUpdate[] {
  const updates: PcgUpdate[] = [];
  let free = 0;
  for (const hop of model.hops) {
    if (minorOf(hop.from) === minorOf(hop.to)) continue;
    const begins = agentUpdateBegins(model, seed, hit, Math.max(hop.at + rollOutDuration, free));
    if (begins === null) break;
    const agentDone = begins + (120 + (seed.phaseSeconds % 121)) * seconds;
    const availableAt = agentDone + profileFollowsAgent;
    const approvedAt = approvalOf(model, hit, availableAt + approvalTakes);
    const doneAt = approvedAt + profileUpdateTakes;
    const profile = seed.selfHosted || !bringsProfileUpdate(hop.to) ? null : { availableAt, approvedAt, doneAt };
    updates.push({ version: hop.to, agentDone, profile });
    free = agentDone;
  }
  return updates;
}

/** The first poll at which the agent may update itself; null while a pause or its silence keeps it from it. */
function agentUpdateBegins(model: SiteModel, seed: PcgSeed, hit: boolean, from: SiteTime): SiteTime | null {
  let poll = nextTick(from, pollInterval, seed.phaseSeconds);
  if (!hit) return poll;
  for (const name of ["pcg-paused", "pcg-agent-stale"] as const) {
    const ends = faultAround(model, name, poll);
    if (ends === "open") return null;
    if (ends !== null) poll = nextTick(ends, pollInterval, seed.phaseSeconds);
  }
  return poll;
}

/** While nobody comes, the approval lies beyond all time; afterwards it follows the fault's end. */
function approvalOf(model: SiteModel, hit: boolean, planned: SiteTime): SiteTime {
  const ends = hit ? faultAround(model, "pcg-profile-update-waiting", planned) : null;
  if (ends === "open") return Number.POSITIVE_INFINITY;
  return ends ?? planned;
}

function pendingProfiles(model: SiteModel, seed: PcgSeed, hit: boolean, updates: PcgUpdate[], now: SiteTime): string[] {
  const waiting = updates.some(
    ({ profile }) => profile !== null && profile.availableAt <= now && now < profile.approvedAt,
  );
  const ordered = hit && isActive(model, "pcg-profile-update-waiting");
  return waiting || ordered ? [`${seed.name}-profile`] : [];
}

function eventsOf(updates: PcgUpdate[], model: SiteModel, now: SiteTime): SimulatedPcg["events"] {
  const events = updates.flatMap(({ version, agentDone, profile }) => [
    { at: agentDone, reason: "AgentUpgraded", message: `palette agent is updated to ${agentVersionOf(version)}` },
    ...(profile === null
      ? []
      : [
          { at: profile.availableAt, reason: "ProfileUpdate", message: "a cluster profile update is available" },
          { at: profile.approvedAt, reason: "ProfileUpdate", message: "the cluster profile update was confirmed" },
          { at: profile.doneAt, reason: "ControlPlane", message: "all control planes are updated" },
        ]),
  ]);
  const first = { at: model.createdAt - 1 * minutes, reason: "Running", message: "cluster is running" };
  return [first, ...events].filter(({ at }) => at <= now).sort((a, b) => b.at - a.at);
}

function firstCliPcg(model: SiteModel): PcgSeed | undefined {
  return model.pcgs.find(({ selfHosted }) => !selfHosted) ?? model.pcgs[0];
}

function staleSince(model: SiteModel): SiteTime | null {
  return (
    model.faults.find(({ name, since, until }) => name === "pcg-agent-stale" && since !== null && until === null)
      ?.since ?? null
  );
}

function nextTick(after: SiteTime, interval: number, phaseSeconds: number): SiteTime {
  const phase = (phaseSeconds * seconds) % interval;
  return Math.ceil((after - phase) / interval) * interval + phase;
}

function lastTick(before: SiteTime, interval: number, phaseSeconds: number): SiteTime {
  const phase = (phaseSeconds * seconds) % interval;
  return Math.floor((before - phase) / interval) * interval + phase;
}
