import { minorOf, type Version } from "../../version/version.js";
import { faultAround } from "./faults.js";
import { minutes, seconds, type PcgDeed, type PcgSeed, type SiteModel, type SiteTime } from "./model.js";
import { rollOutDuration } from "./roll-out.js";

export interface SimulatedPcg {
  seed: PcgSeed;
  agentVersion: string;
  lastHeartbeat: SiteTime;
  /** True while a profile update waits for a person. */
  updatePending: boolean;
  /** How many profile updates were approved so far: the version of the profile that is applied. */
  profileRevision: number;
  /** Offers of profile updates so far, oldest first. */
  offers: { at: SiteTime; changedAt: SiteTime }[];
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
  const offers = offersOf(model, seed, hit, updates).filter(({ availableAt }) => availableAt <= now);
  return {
    seed,
    agentVersion: agentVersionOf(running),
    lastHeartbeat: stale === null ? lastTick(now, heartbeatInterval, seed.phaseSeconds) : stale - staleHeartbeat,
    updatePending: offers.some(({ approvedAt }) => now < approvedAt),
    profileRevision: offers.filter(({ approvedAt }) => approvedAt <= now).length,
    offers: offers.map(({ availableAt, approvedAt }) => ({
      at: availableAt,
      changedAt: approvedAt <= now ? approvedAt : availableAt,
    })),
    paused: pauseAround(model, seed, hit, now) !== null,
    events: eventsOf(updates, offers, model, now),
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
  /** When its profile update is offered; null where the minor brings none, or the PCG is not eligible. */
  profileAt: SiteTime | null;
}

interface ProfileOffer {
  availableAt: SiteTime;
  approvedAt: SiteTime;
  doneAt: SiteTime;
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
    const profileAt = seed.selfHosted || !bringsProfileUpdate(hop.to) ? null : agentDone + profileFollowsAgent;
    updates.push({ version: hop.to, agentDone, profileAt });
    free = agentDone;
  }
  return updates;
}

/** The first poll at which the agent may update itself; null while a pause or its silence keeps it from it. */
function agentUpdateBegins(model: SiteModel, seed: PcgSeed, hit: boolean, from: SiteTime): SiteTime | null {
  let poll = nextTick(from, pollInterval, seed.phaseSeconds);
  for (const around of [pauseAround, silenceAround]) {
    const ends = around(model, seed, hit, poll);
    if (ends === "open") return null;
    if (ends !== null) poll = nextTick(ends, pollInterval, seed.phaseSeconds);
  }
  return poll;
}

function silenceAround(model: SiteModel, _seed: PcgSeed, hit: boolean, time: SiteTime): SiteTime | "open" | null {
  return hit ? faultAround(model, "pcg-agent-stale", time) : null;
}

/** The end of the pause by the gateway's own switch around a moment: by a fault, which a person's switch ends too, or by a person. */
function pauseAround(model: SiteModel, seed: PcgSeed, hit: boolean, time: SiteTime): SiteTime | "open" | null {
  const deeds = deedsOf(model, seed).filter(({ deed }) => deed !== "confirm");
  const last = deeds.findLast(({ at }) => at <= time);
  const resumed = deeds.find(({ deed, at }) => deed === "unlock" && at > time)?.at ?? "open";
  if (last?.deed === "lock") return resumed;
  const fault = hit ? faultAround(model, "pcg-paused", time) : null;
  const since = model.faults.findLast(({ name, since: begun }) => name === "pcg-paused" && begun !== null)?.since ?? 0;
  if (fault === null || (last !== undefined && last.at >= since)) return null;
  return fault === "open" ? resumed : resumed === "open" ? fault : Math.min(fault, resumed);
}

/** Every offer of a profile update: those that hops bring, and one for each order of the fault that nobody comes. */
function offersOf(model: SiteModel, seed: PcgSeed, hit: boolean, updates: readonly PcgUpdate[]): ProfileOffer[] {
  const ordered = hit
    ? model.faults.flatMap(({ name, since, until }) =>
        name === "pcg-profile-update-waiting" && since !== null
          ? [offer(model, seed, since, until ?? Number.POSITIVE_INFINITY)]
          : [],
      )
    : [];
  const brought = updates.flatMap(({ profileAt }) =>
    profileAt === null ? [] : [offer(model, seed, profileAt, approvalOf(model, hit, profileAt + approvalTakes))],
  );
  return [...ordered, ...brought].sort((a, b) => a.availableAt - b.availableAt);
}

/** An offer is taken when its simulated operator comes, or when somebody confirms it through the API before. */
function offer(model: SiteModel, seed: PcgSeed, availableAt: SiteTime, planned: SiteTime): ProfileOffer {
  const confirmed = deedsOf(model, seed).find(({ deed, at }) => deed === "confirm" && at >= availableAt)?.at;
  const approvedAt = Math.min(planned, confirmed ?? planned);
  return { availableAt, approvedAt, doneAt: approvedAt + profileUpdateTakes };
}

function deedsOf(model: SiteModel, { clusterUid }: PcgSeed): PcgDeed[] {
  return (model.pcgDeeds ?? []).filter((deed) => deed.clusterUid === clusterUid);
}

/** While nobody comes, the approval lies beyond all time; afterwards it follows the fault's end. */
function approvalOf(model: SiteModel, hit: boolean, planned: SiteTime): SiteTime {
  const ends = hit ? faultAround(model, "pcg-profile-update-waiting", planned) : null;
  if (ends === "open") return Number.POSITIVE_INFINITY;
  return ends ?? planned;
}

function eventsOf(
  updates: readonly PcgUpdate[],
  offers: readonly ProfileOffer[],
  model: SiteModel,
  now: SiteTime,
): SimulatedPcg["events"] {
  const agents = updates.map(({ version, agentDone }) => ({
    at: agentDone,
    reason: "AgentUpgraded",
    message: `palette agent is updated to ${agentVersionOf(version)}`,
  }));
  const profiles = offers.flatMap(({ availableAt, approvedAt, doneAt }) => [
    { at: availableAt, reason: "ProfileUpdate", message: "a cluster profile update is available" },
    { at: approvedAt, reason: "ProfileUpdate", message: "the cluster profile update was confirmed" },
    { at: doneAt, reason: "ControlPlane", message: "all control planes are updated" },
  ]);
  const first = { at: model.createdAt - 1 * minutes, reason: "Running", message: "cluster is running" };
  return [first, ...agents, ...profiles].filter(({ at }) => at <= now).sort((a, b) => b.at - a.at);
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
