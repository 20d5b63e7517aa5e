import { Double, Int32, Long, Timestamp } from "bson";
import type { MongoEnvelope, MongoReply } from "../../../../../lib/gates/mongo-replica-set/text/envelope.js";
import { compareVersions } from "../../../../../lib/planning/version/version.js";
import { isActive } from "../faults.js";
import { seconds, type SiteModel, type SiteTime } from "../model.js";
import {
  firstTerm,
  formatMemberHost,
  computeReplicaSet,
  type MemberStateNumber,
  type SimulatedMember,
  type SimulatedSet,
} from "./replica-set.js";

const setName = "rs0";
const configVersion = 1;
const stateNames: Record<MemberStateNumber, string> = {
  1: "PRIMARY",
  2: "SECONDARY",
  3: "RECOVERING",
  5: "STARTUP2",
  8: "(not reachable/healthy)",
};

/** Creates the answer to the probe in the container of one member, as that member sees the replica set. */
export function createProbeEnvelope(model: SiteModel, ordinal: number, now: SiteTime): MongoEnvelope {
  const set = computeReplicaSet(model, now);
  const build = getMongoVersion(model);
  return {
    v: 1,
    hello: createHelloReply(set, ordinal, now),
    status: createStatusReply(set, ordinal, now),
    config: createConfigReply(set),
    fcv: { featureCompatibilityVersion: { version: isActive(model, "fcv-6.0") ? "6.0" : "7.0" }, ok: new Double(1) },
    oplog: createOplogReply(now),
    work: { fsyncLock: false, operations: [], ok: new Double(1) },
    build: { version: build, ok: new Double(1) },
  };
}

/** Returns the MongoDB version: Palette includes 8.0 from 4.8 on, 7.0 before. */
function getMongoVersion(model: SiteModel): string {
  const running = model.hops.at(-1)?.to ?? model.startVersion;
  return compareVersions(running, "4.8.0") >= 0 ? "8.0.9" : "7.0.14";
}

/** Creates the oplog reply: two days of writes. */
function createOplogReply(now: SiteTime): MongoReply {
  const toTimestamp = (time: SiteTime): Timestamp => new Timestamp({ t: toWholeSecond(time) / seconds, i: 1 });
  return {
    earliest: toTimestamp(now - 48 * 3600 * seconds),
    latest: toTimestamp(now),
    backupCursorOpen: false,
    ok: new Double(1),
  };
}

function createHelloReply(set: SimulatedSet, ordinal: number, now: SiteTime): MongoReply {
  const self = set.members[ordinal]!;
  const primary = self.state === 1 ? ordinal : set.primary;
  return {
    hosts: set.members.map((member) => formatMemberHost(member.ordinal)),
    setName,
    setVersion: new Int32(configVersion),
    isWritablePrimary: self.state === 1,
    secondary: self.state === 2,
    ...(primary === null ? {} : { primary: formatMemberHost(primary) }),
    me: formatMemberHost(ordinal),
    lastWrite: {
      opTime: createOptime(set, self, now),
      lastWriteDate: new Date(toWholeSecond(computeAppliedTime(self, now))),
    },
    localTime: new Date(now),
    maxWireVersion: new Int32(21),
    ok: new Double(1),
  };
}

function createStatusReply(set: SimulatedSet, ordinal: number, now: SiteTime): MongoReply {
  const self = set.members[ordinal]!;
  const healthy = set.members.filter((member) => member.state === 1 || member.state === 2);
  const committed = [...healthy].sort((a, b) => a.lagSeconds - b.lagSeconds)[1] ?? self;
  const source = findSyncSource(set, self);
  return {
    set: setName,
    date: new Date(now),
    myState: new Int32(self.state),
    term: Long.fromNumber(getSeenTerm(set, self)),
    syncSourceHost: source === null ? "" : formatMemberHost(source),
    syncSourceId: new Int32(source ?? -1),
    heartbeatIntervalMillis: Long.fromNumber(2000),
    majorityVoteCount: new Int32(2),
    writeMajorityCount: new Int32(2),
    votingMembersCount: new Int32(set.members.length),
    writableVotingMembersCount: new Int32(set.members.length),
    optimes: {
      lastCommittedOpTime: createOptime(set, committed, now),
      lastCommittedWallTime: new Date(computeAppliedTime(committed, now)),
      appliedOpTime: createOptime(set, self, now),
      durableOpTime: createOptime(set, self, now),
      lastAppliedWallTime: new Date(computeAppliedTime(self, now)),
      lastDurableWallTime: new Date(computeAppliedTime(self, now)),
    },
    ...(self.state === 1 ? { electionCandidateMetrics: createElectionMetrics(set) } : {}),
    members: set.members.map((member) =>
      member === self ? createSelfEntry(set, self, now) : createOtherEntry(set, self, member, now),
    ),
    ok: new Double(1),
  };
}

function createSelfEntry(set: SimulatedSet, self: SimulatedMember, now: SiteTime): MongoReply {
  const source = findSyncSource(set, self);
  return {
    ...createEntryHead(self, computeUptime(self, now)),
    ...createOptimes(set, self, now),
    syncSourceHost: source === null ? "" : formatMemberHost(source),
    syncSourceId: new Int32(source ?? -1),
    infoMessage: "",
    ...createElectionFields(set, self),
    ...createConfigFields(set),
    self: true,
    lastHeartbeatMessage: "",
  };
}

function createOtherEntry(
  set: SimulatedSet,
  viewer: SimulatedMember,
  member: SimulatedMember,
  now: SiteTime,
): MongoReply {
  const down = member.state === 8;
  const lastHeartbeat = now - 700;
  const source = findSyncSource(set, member);
  return {
    ...createEntryHead(member, down ? 0 : Math.min(computeUptime(member, now), computeUptime(viewer, now))),
    ...(down ? createDownOptimes(member) : createOptimes(set, member, now)),
    lastHeartbeat: new Date(lastHeartbeat),
    lastHeartbeatRecv: new Date(down ? (member.downSince ?? now) : now - 400),
    pingMs: Long.fromNumber(down ? 0 : 1),
    lastHeartbeatMessage: down
      ? `Error connecting to ${formatMemberHost(member.ordinal)} :: caused by :: Connection refused`
      : "",
    syncSourceHost: down || source === null ? "" : formatMemberHost(source),
    syncSourceId: new Int32(down ? -1 : (source ?? -1)),
    infoMessage: "",
    ...createElectionFields(set, member),
    ...createConfigFields(set),
  };
}

function createEntryHead(member: SimulatedMember, uptime: number): MongoReply {
  return {
    _id: new Int32(member.ordinal),
    name: formatMemberHost(member.ordinal),
    health: new Double(member.state === 8 ? 0 : 1),
    state: new Int32(member.state),
    stateStr: stateNames[member.state],
    uptime: new Int32(uptime),
  };
}

function createOptimes(set: SimulatedSet, member: SimulatedMember, now: SiteTime): MongoReply {
  const time = computeAppliedTime(member, now);
  return {
    optime: createOptime(set, member, now),
    optimeDurable: createOptime(set, member, now),
    optimeDate: new Date(toWholeSecond(time)),
    optimeDurableDate: new Date(toWholeSecond(time)),
    lastAppliedWallTime: new Date(time),
    lastDurableWallTime: new Date(time),
  };
}

/** A down member keeps its wall times; its optimes are zeroed. */
function createDownOptimes(member: SimulatedMember): MongoReply {
  const zero = { ts: new Timestamp({ t: 0, i: 0 }), t: Long.fromNumber(-1) };
  const last = new Date(member.downSince ?? 0);
  return {
    optime: zero,
    optimeDurable: zero,
    optimeDate: new Date(0),
    optimeDurableDate: new Date(0),
    lastAppliedWallTime: last,
    lastDurableWallTime: last,
  };
}

function createElectionFields(set: SimulatedSet, member: SimulatedMember): MongoReply {
  if (member.state !== 1) return {};
  const at = toWholeSecond(set.electedAt);
  return { electionTime: new Timestamp({ t: at / seconds, i: 1 }), electionDate: new Date(at) };
}

function createElectionMetrics(set: SimulatedSet): MongoReply {
  return {
    lastElectionReason: set.term === firstTerm ? "electionTimeout" : "stepUpRequestSkipDryRun",
    lastElectionDate: new Date(set.electedAt),
    electionTerm: Long.fromNumber(set.term),
    numVotesNeeded: new Int32(2),
    priorityAtElection: new Double(1),
    electionTimeoutMillis: Long.fromNumber(10_000),
    newTermStartDate: new Date(set.electedAt + 20),
    wMajorityWriteAvailabilityDate: new Date(set.electedAt + 40),
  };
}

function createConfigReply(set: SimulatedSet): MongoReply {
  return {
    config: {
      _id: setName,
      version: new Int32(configVersion),
      term: new Int32(set.term),
      members: set.members.map(({ ordinal }) => ({
        _id: new Int32(ordinal),
        host: formatMemberHost(ordinal),
        arbiterOnly: false,
        buildIndexes: true,
        hidden: false,
        priority: new Double(1),
        tags: {},
        secondaryDelaySecs: Long.fromNumber(0),
        votes: new Int32(1),
      })),
      protocolVersion: Long.fromNumber(1),
      writeConcernMajorityJournalDefault: true,
      settings: {
        chainingAllowed: true,
        heartbeatIntervalMillis: new Int32(2000),
        electionTimeoutMillis: new Int32(10_000),
      },
    },
    ok: new Double(1),
  };
}

function createConfigFields(set: SimulatedSet): MongoReply {
  return { configVersion: new Int32(configVersion), configTerm: new Int32(set.term) };
}

/** Returns the term a member knows; a second primary does not know the newer term. */
function getSeenTerm(set: SimulatedSet, self: SimulatedMember): number {
  return self.state === 1 && self.ordinal !== set.primary && set.primary !== null ? set.term - 1 : set.term;
}

function findSyncSource(set: SimulatedSet, member: SimulatedMember): number | null {
  return member.state === 1 || member.state === 8 ? null : set.primary;
}

/** Returns the time of the last applied write; the set receives several writes per second. */
function computeAppliedTime(member: SimulatedMember, now: SiteTime): SiteTime {
  return now - 100 - member.lagSeconds * seconds;
}

function createOptime(set: SimulatedSet, member: SimulatedMember, now: SiteTime): MongoReply {
  return {
    ts: new Timestamp({ t: toWholeSecond(computeAppliedTime(member, now)) / seconds, i: 3 }),
    t: Long.fromNumber(set.term),
  };
}

function computeUptime(member: SimulatedMember, now: SiteTime): number {
  return Math.max(0, Math.floor((now - member.startedAt) / seconds));
}

function toWholeSecond(time: SiteTime): SiteTime {
  return Math.floor(time / seconds) * seconds;
}
