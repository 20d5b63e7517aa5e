import { getMinor, type Version } from "../../../../../lib/planning/version/version.js";
import { findFaultEnd } from "../faults.js";
import { minutes, seconds, type PcgAction, type PcgSeed, type SiteModel, type SiteTime } from "../model.js";
import { rollOutDuration } from "../kubernetes/roll-out.js";

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
/** Time until the simulated operator approves a profile update, and the time to apply it. */
const approvalDuration = 10 * minutes;
const profileUpdateDuration = 5 * minutes;
const profileOfferDelay = 30 * seconds;
const staleHeartbeat = 45 * minutes;

/** Computes the state of one PCG at a time; faults hit the first PCG that the Palette CLI installed. */
export function computePcg(model: SiteModel, seed: PcgSeed, now: SiteTime): SimulatedPcg {
  const isFaultTarget = seed === findFirstCliPcg(model);
  const updates = listAgentUpdates(model, seed, isFaultTarget);
  const done = updates.filter(({ agentDone }) => agentDone <= now);
  const running = done.at(-1)?.version ?? model.startVersion;
  const stale = isFaultTarget ? findStaleSince(model) : null;
  const offers = listProfileOffers(model, seed, isFaultTarget, updates).filter(({ availableAt }) => availableAt <= now);
  return {
    seed,
    agentVersion: getAgentVersion(running),
    lastHeartbeat: stale === null ? computeLastTick(now, heartbeatInterval, seed.phaseSeconds) : stale - staleHeartbeat,
    updatePending: offers.some(({ approvedAt }) => now < approvedAt),
    profileRevision: offers.filter(({ approvedAt }) => approvedAt <= now).length,
    offers: offers.map(({ availableAt, approvedAt }) => ({
      at: availableAt,
      changedAt: approvedAt <= now ? approvedAt : availableAt,
    })),
    paused: findPauseEnd(model, seed, isFaultTarget, now) !== null,
    events: listEvents(updates, offers, model, now),
  };
}

/** Returns the agent version of a platform's minor. No Palette release in a matrix has this patch number. */
export function getAgentVersion(platform: Version): string {
  return `${getMinor(platform)}.2`;
}

/** True for minors that include a profile update, for PCGs that the Palette CLI installed. */
export function hasProfileUpdate(version: Version): boolean {
  return Number(getMinor(version).split(".")[1]) % 2 === 0;
}

interface PcgUpdate {
  version: Version;
  agentDone: SiteTime;
  /** When its profile update is offered; null where the minor includes none, or the PCG is not eligible. */
  profileAt: SiteTime | null;
}

interface ProfileOffer {
  availableAt: SiteTime;
  approvedAt: SiteTime;
  doneAt: SiteTime;
}

/** Lists the agent updates: one for each hop to another minor, one after the other. */
function listAgentUpdates(model: SiteModel, seed: PcgSeed, isFaultTarget: boolean): PcgUpdate[] {
  const updates: PcgUpdate[] = [];
  let free = 0;
  for (const hop of model.hops) {
    if (getMinor(hop.from) === getMinor(hop.to)) continue;
    const begins = findAgentUpdateStart(model, seed, isFaultTarget, Math.max(hop.at + rollOutDuration, free));
    if (begins === null) break;
    const agentDone = begins + (120 + (seed.phaseSeconds % 121)) * seconds;
    const profileAt = seed.selfHosted || !hasProfileUpdate(hop.to) ? null : agentDone + profileOfferDelay;
    updates.push({ version: hop.to, agentDone, profileAt });
    free = agentDone;
  }
  return updates;
}

/** Finds the first poll at which the agent can update itself; null while a pause or a silent agent prevents it. */
function findAgentUpdateStart(
  model: SiteModel,
  seed: PcgSeed,
  isFaultTarget: boolean,
  from: SiteTime,
): SiteTime | null {
  let poll = computeNextTick(from, pollInterval, seed.phaseSeconds);
  for (const findEnd of [findPauseEnd, findSilenceEnd]) {
    const ends = findEnd(model, seed, isFaultTarget, poll);
    if (ends === "open") return null;
    if (ends !== null) poll = computeNextTick(ends, pollInterval, seed.phaseSeconds);
  }
  return poll;
}

function findSilenceEnd(
  model: SiteModel,
  _seed: PcgSeed,
  isFaultTarget: boolean,
  time: SiteTime,
): SiteTime | "open" | null {
  return isFaultTarget ? findFaultEnd(model, "pcg-agent-stale", time) : null;
}

/**
 * Finds the end of the pause of platform updates that covers a time. A fault or a person starts it; a person's unlock
 * ends both.
 */
function findPauseEnd(
  model: SiteModel,
  seed: PcgSeed,
  isFaultTarget: boolean,
  time: SiteTime,
): SiteTime | "open" | null {
  const deeds = listActions(model, seed).filter(({ deed }) => deed !== "confirm");
  const last = deeds.findLast(({ at }) => at <= time);
  const resumed = deeds.find(({ deed, at }) => deed === "unlock" && at > time)?.at ?? "open";
  if (last?.deed === "lock") return resumed;
  const fault = isFaultTarget ? findFaultEnd(model, "pcg-paused", time) : null;
  const since = model.faults.findLast(({ name, since: start }) => name === "pcg-paused" && start !== null)?.since ?? 0;
  if (fault === null || (last !== undefined && last.at >= since)) return null;
  return fault === "open" ? resumed : resumed === "open" ? fault : Math.min(fault, resumed);
}

/** Lists the offers of profile updates: those of hops, and one for each injected fault pcg-profile-update-waiting. */
function listProfileOffers(
  model: SiteModel,
  seed: PcgSeed,
  isFaultTarget: boolean,
  updates: readonly PcgUpdate[],
): ProfileOffer[] {
  const ordered = isFaultTarget
    ? model.faults.flatMap(({ name, since, until }) =>
        name === "pcg-profile-update-waiting" && since !== null
          ? [createProfileOffer(model, seed, since, until ?? Number.POSITIVE_INFINITY)]
          : [],
      )
    : [];
  const brought = updates.flatMap(({ profileAt }) =>
    profileAt === null
      ? []
      : [
          createProfileOffer(
            model,
            seed,
            profileAt,
            computeApprovalTime(model, isFaultTarget, profileAt + approvalDuration),
          ),
        ],
  );
  return [...ordered, ...brought].sort((a, b) => a.availableAt - b.availableAt);
}

/** Creates an offer: approved at the planned time, or earlier when it is confirmed through the API. */
function createProfileOffer(model: SiteModel, seed: PcgSeed, availableAt: SiteTime, planned: SiteTime): ProfileOffer {
  const confirmed = listActions(model, seed).find(({ deed, at }) => deed === "confirm" && at >= availableAt)?.at;
  const approvedAt = Math.min(planned, confirmed ?? planned);
  return { availableAt, approvedAt, doneAt: approvedAt + profileUpdateDuration };
}

function listActions(model: SiteModel, { clusterUid }: PcgSeed): PcgAction[] {
  return (model.pcgDeeds ?? []).filter((deed) => deed.clusterUid === clusterUid);
}

/** Computes the approval time: infinite while pcg-profile-update-waiting lasts, afterwards the end of that fault. */
function computeApprovalTime(model: SiteModel, isFaultTarget: boolean, planned: SiteTime): SiteTime {
  const ends = isFaultTarget ? findFaultEnd(model, "pcg-profile-update-waiting", planned) : null;
  if (ends === "open") return Number.POSITIVE_INFINITY;
  return ends ?? planned;
}

function listEvents(
  updates: readonly PcgUpdate[],
  offers: readonly ProfileOffer[],
  model: SiteModel,
  now: SiteTime,
): SimulatedPcg["events"] {
  const agents = updates.map(({ version, agentDone }) => ({
    at: agentDone,
    reason: "AgentUpgraded",
    message: `palette agent is updated to ${getAgentVersion(version)}`,
  }));
  const profiles = offers.flatMap(({ availableAt, approvedAt, doneAt }) => [
    { at: availableAt, reason: "ProfileUpdate", message: "a cluster profile update is available" },
    { at: approvedAt, reason: "ProfileUpdate", message: "the cluster profile update was confirmed" },
    { at: doneAt, reason: "ControlPlane", message: "all control planes are updated" },
  ]);
  const first = { at: model.createdAt - 1 * minutes, reason: "Running", message: "cluster is running" };
  return [first, ...agents, ...profiles].filter(({ at }) => at <= now).sort((a, b) => b.at - a.at);
}

function findFirstCliPcg(model: SiteModel): PcgSeed | undefined {
  return model.pcgs.find(({ selfHosted }) => !selfHosted) ?? model.pcgs[0];
}

function findStaleSince(model: SiteModel): SiteTime | null {
  return (
    model.faults.find(({ name, since, until }) => name === "pcg-agent-stale" && since !== null && until === null)
      ?.since ?? null
  );
}

function computeNextTick(after: SiteTime, interval: number, phaseSeconds: number): SiteTime {
  const phase = (phaseSeconds * seconds) % interval;
  return Math.ceil((after - phase) / interval) * interval + phase;
}

function computeLastTick(before: SiteTime, interval: number, phaseSeconds: number): SiteTime {
  const phase = (phaseSeconds * seconds) % interval;
  return Math.floor((before - phase) / interval) * interval + phase;
}
