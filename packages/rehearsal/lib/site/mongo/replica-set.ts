import { findActiveFault, isActive } from "../faults.js";
import { installedBefore, seconds, type SiteModel, type SiteTime } from "../model.js";

/** Numbers of MongoDB's member states that the site shows. */
export type MemberStateNumber = 1 | 2 | 3 | 5 | 8;

export interface SimulatedMember {
  ordinal: number;
  state: MemberStateNumber;
  /** The container runs and can be asked. */
  running: boolean;
  /** The pod is Ready. */
  ready: boolean;
  /** Runs the image of the newest hop. */
  updated: boolean;
  startedAt: SiteTime;
  /** While the member is down: when the others last heard from it. */
  downSince: SiteTime | null;
  lagSeconds: number;
}

export interface SimulatedSet {
  members: SimulatedMember[];
  /** Null between a step-down and the election. */
  primary: number | null;
  term: number;
  electedAt: SiteTime;
}

const memberCount = 3;
/** The initial term: elections took place before the site was started. */
export const firstTerm = 4;
/** From the start of a hop to the first restart, and from one restart to the next. */
const firstRestart = 10 * seconds;
const betweenRestarts = 60 * seconds;
/** Times of a member's states after the start of its restart. */
const restart = {
  up: 20 * seconds,
  recovering: 28 * seconds,
  secondary: 35 * seconds,
  ready: 45 * seconds,
  inSync: 50 * seconds,
};
const stepDownBefore = 2 * seconds;
const electionDuration = 1 * seconds;

/** From the start of a hop until every member is in sync again. */
export const mongoRollOutDuration = firstRestart + (memberCount - 1) * betweenRestarts + restart.inSync;

/**
 * Computes the replica set at a time: each hop restarts one member at a time, secondaries first from the highest
 * ordinal down, and last the primary, after it stepped down in favour of the member restarted first.
 */
export function computeReplicaSet(model: SiteModel, now: SiteTime): SimulatedSet {
  let set = createInitialSet(model);
  for (const { at } of model.hops) if (at <= now) set = applyHop(set, at, now);
  return applyFaults(model, set);
}

function createInitialSet(model: SiteModel): SimulatedSet {
  const startedAt = model.createdAt - installedBefore;
  const members = Array.from({ length: memberCount }, (_unused, ordinal): SimulatedMember => ({
    ordinal,
    state: ordinal === 0 ? 1 : 2,
    running: true,
    ready: true,
    updated: true,
    startedAt: startedAt + ordinal * 20 * seconds,
    downSince: null,
    lagSeconds: 0,
  }));
  return { members, primary: 0, term: firstTerm, electedAt: startedAt + 60 * seconds };
}

function applyHop(before: SimulatedSet, hopAt: SiteTime, now: SiteTime): SimulatedSet {
  const oldPrimary = before.primary ?? 0;
  const secondaries = before.members.map(({ ordinal }) => ordinal).filter((ordinal) => ordinal !== oldPrimary);
  const order = [...secondaries.reverse(), oldPrimary];
  const newPrimary = order[0]!;
  const lastRestart = hopAt + firstRestart + (memberCount - 1) * betweenRestarts;
  const steppedDown = now >= lastRestart - stepDownBefore;
  const elected = now >= lastRestart - stepDownBefore + electionDuration;
  const primary = elected ? newPrimary : steppedDown ? null : oldPrimary;
  const members = before.members.map((member) => {
    const began = hopAt + firstRestart + order.indexOf(member.ordinal) * betweenRestarts;
    const restarted = applyRestart(member, began, now);
    return member.ordinal === primary ? { ...restarted, state: 1 as const } : restarted;
  });
  return {
    members,
    primary,
    term: elected ? before.term + 1 : before.term,
    electedAt: elected ? lastRestart - stepDownBefore + electionDuration : before.electedAt,
  };
}

function applyRestart(member: SimulatedMember, began: SiteTime, now: SiteTime): SimulatedMember {
  const elapsed = now - began;
  if (elapsed < 0) return { ...member, state: 2, updated: false };
  const common = { ...member, updated: true, startedAt: began + restart.up };
  if (elapsed < restart.up) return { ...common, state: 8, running: false, ready: false, downSince: began };
  if (elapsed < restart.recovering) return { ...common, state: 5, ready: false, lagSeconds: 30 };
  if (elapsed < restart.secondary) return { ...common, state: 3, ready: false, lagSeconds: 22 };
  const lagSeconds = Math.max(0, Math.ceil((restart.inSync - elapsed) / seconds));
  return { ...common, state: 2, ready: elapsed >= restart.ready, lagSeconds };
}

function applyFaults(model: SiteModel, set: SimulatedSet): SimulatedSet {
  const victim = set.members.filter(({ ordinal }) => ordinal !== set.primary).at(-1)!.ordinal;
  const changeMember = (change: Partial<SimulatedMember>): SimulatedSet => ({
    ...set,
    members: set.members.map((member) => (member.ordinal === victim ? { ...member, ...change } : member)),
  });
  const unreachable = findActiveFault(model, "member-unreachable");
  if (unreachable) return changeMember({ state: 8, running: false, ready: false, downSince: unreachable.since });
  if (isActive(model, "member-recovering")) return changeMember({ state: 3, ready: false, lagSeconds: 900 });
  if (isActive(model, "member-lagging")) return changeMember({ state: 2, lagSeconds: 120 });
  if (isActive(model, "two-primaries")) return changeMember({ state: 1 });
  return set;
}

/** Returns host and port of a member in the replica set's configuration. */
export function formatMemberHost(ordinal: number): string {
  return `mongo-${ordinal}.mongo.hubble-system.svc.cluster.local:27017`;
}
