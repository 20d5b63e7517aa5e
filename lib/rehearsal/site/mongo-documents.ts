import { Double, Int32, Long, Timestamp } from "bson";
import type { MongoEnvelope, MongoReply } from "../../gates/mongo-replica-set/envelope.js";
import { compareVersions } from "../../version/version.js";
import { isActive } from "./faults.js";
import { seconds, type SiteModel, type SiteTime } from "./model.js";
import {
  firstTerm,
  memberHost,
  mongoAt,
  type MemberStateNumber,
  type SimulatedMember,
  type SimulatedSet,
} from "./mongo-set.js";

const setName = "rs0";
const configVersion = 1;
const stateNames: Record<MemberStateNumber, string> = {
  1: "PRIMARY",
  2: "SECONDARY",
  3: "RECOVERING",
  5: "STARTUP2",
  8: "(not reachable/healthy)",
};

/** What the probe is answered in the container of one member, seen from that member. */
export function probeEnvelope(model: SiteModel, ordinal: number, now: SiteTime): MongoEnvelope {
  const set = mongoAt(model, now);
  const build = mongoVersion(model);
  return {
    v: 1,
    hello: hello(set, ordinal, now),
    status: replicaSetStatus(set, ordinal, now),
    config: replicaSetConfig(set),
    fcv: { featureCompatibilityVersion: { version: isActive(model, "fcv-6.0") ? "6.0" : "7.0" }, ok: new Double(1) },
    oplog: oplog(now),
    work: { fsyncLock: false, operations: [], ok: new Double(1) },
    build: { version: build, ok: new Double(1) },
  };
}

/** Palette brings MongoDB 8.0 from 4.8 on, 7.0 before. */
export function mongoVersion(model: SiteModel): string {
  const running = model.hops.at(-1)?.to ?? model.startVersion;
  return compareVersions(running, "4.8.0") >= 0 ? "8.0.9" : "7.0.14";
}

/** Two days of writes. */
function oplog(now: SiteTime): MongoReply {
  const stamp = (time: SiteTime): Timestamp => new Timestamp({ t: wholeSecond(time) / seconds, i: 1 });
  return { earliest: stamp(now - 48 * 3600 * seconds), latest: stamp(now), backupCursorOpen: false, ok: new Double(1) };
}

function hello(set: SimulatedSet, ordinal: number, now: SiteTime): MongoReply {
  const self = set.members[ordinal]!;
  const primary = self.state === 1 ? ordinal : set.primary;
  return {
    hosts: set.members.map((member) => memberHost(member.ordinal)),
    setName,
    setVersion: new Int32(configVersion),
    isWritablePrimary: self.state === 1,
    secondary: self.state === 2,
    ...(primary === null ? {} : { primary: memberHost(primary) }),
    me: memberHost(ordinal),
    lastWrite: { opTime: optime(set, self, now), lastWriteDate: new Date(wholeSecond(applied(self, now))) },
    localTime: new Date(now),
    maxWireVersion: new Int32(21),
    ok: new Double(1),
  };
}

function replicaSetStatus(set: SimulatedSet, ordinal: number, now: SiteTime): MongoReply {
  const self = set.members[ordinal]!;
  const healthy = set.members.filter((member) => member.state === 1 || member.state === 2);
  const committed = [...healthy].sort((a, b) => a.lagSeconds - b.lagSeconds)[1] ?? self;
  const source = syncSource(set, self);
  return {
    set: setName,
    date: new Date(now),
    myState: new Int32(self.state),
    term: Long.fromNumber(termSeen(set, self)),
    syncSourceHost: source === null ? "" : memberHost(source),
    syncSourceId: new Int32(source ?? -1),
    heartbeatIntervalMillis: Long.fromNumber(2000),
    majorityVoteCount: new Int32(2),
    writeMajorityCount: new Int32(2),
    votingMembersCount: new Int32(set.members.length),
    writableVotingMembersCount: new Int32(set.members.length),
    optimes: {
      lastCommittedOpTime: optime(set, committed, now),
      lastCommittedWallTime: new Date(applied(committed, now)),
      appliedOpTime: optime(set, self, now),
      durableOpTime: optime(set, self, now),
      lastAppliedWallTime: new Date(applied(self, now)),
      lastDurableWallTime: new Date(applied(self, now)),
    },
    ...(self.state === 1 ? { electionCandidateMetrics: election(set) } : {}),
    members: set.members.map((member) =>
      member === self ? selfEntry(set, self, now) : otherEntry(set, self, member, now),
    ),
    ok: new Double(1),
  };
}

function selfEntry(set: SimulatedSet, self: SimulatedMember, now: SiteTime): MongoReply {
  const source = syncSource(set, self);
  return {
    ...entryHead(self, uptimeOf(self, now)),
    ...optimesOf(set, self, now),
    syncSourceHost: source === null ? "" : memberHost(source),
    syncSourceId: new Int32(source ?? -1),
    infoMessage: "",
    ...electionOf(set, self),
    ...configSeen(set),
    self: true,
    lastHeartbeatMessage: "",
  };
}

function otherEntry(set: SimulatedSet, viewer: SimulatedMember, member: SimulatedMember, now: SiteTime): MongoReply {
  const down = member.state === 8;
  const lastHeartbeat = now - 700;
  const source = syncSource(set, member);
  return {
    ...entryHead(member, down ? 0 : Math.min(uptimeOf(member, now), uptimeOf(viewer, now))),
    ...(down ? downOptimes(member) : optimesOf(set, member, now)),
    lastHeartbeat: new Date(lastHeartbeat),
    lastHeartbeatRecv: new Date(down ? (member.downSince ?? now) : now - 400),
    pingMs: Long.fromNumber(down ? 0 : 1),
    lastHeartbeatMessage: down
      ? `Error connecting to ${memberHost(member.ordinal)} :: caused by :: Connection refused`
      : "",
    syncSourceHost: down || source === null ? "" : memberHost(source),
    syncSourceId: new Int32(down ? -1 : (source ?? -1)),
    infoMessage: "",
    ...electionOf(set, member),
    ...configSeen(set),
  };
}

function entryHead(member: SimulatedMember, uptime: number): MongoReply {
  return {
    _id: new Int32(member.ordinal),
    name: memberHost(member.ordinal),
    health: new Double(member.state === 8 ? 0 : 1),
    state: new Int32(member.state),
    stateStr: stateNames[member.state],
    uptime: new Int32(uptime),
  };
}

function optimesOf(set: SimulatedSet, member: SimulatedMember, now: SiteTime): MongoReply {
  const time = applied(member, now);
  return {
    optime: optime(set, member, now),
    optimeDurable: optime(set, member, now),
    optimeDate: new Date(wholeSecond(time)),
    optimeDurableDate: new Date(wholeSecond(time)),
    lastAppliedWallTime: new Date(time),
    lastDurableWallTime: new Date(time),
  };
}

/** A down member keeps its wall times; its optimes are zeroed. */
function downOptimes(member: SimulatedMember): MongoReply {
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

function electionOf(set: SimulatedSet, member: SimulatedMember): MongoReply {
  if (member.state !== 1) return {};
  const at = wholeSecond(set.electedAt);
  return { electionTime: new Timestamp({ t: at / seconds, i: 1 }), electionDate: new Date(at) };
}

function election(set: SimulatedSet): MongoReply {
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

function replicaSetConfig(set: SimulatedSet): MongoReply {
  return {
    config: {
      _id: setName,
      version: new Int32(configVersion),
      term: new Int32(set.term),
      members: set.members.map(({ ordinal }) => ({
        _id: new Int32(ordinal),
        host: memberHost(ordinal),
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

function configSeen(set: SimulatedSet): MongoReply {
  return { configVersion: new Int32(configVersion), configTerm: new Int32(set.term) };
}

/** A second primary has not heard of the newer term. */
function termSeen(set: SimulatedSet, self: SimulatedMember): number {
  return self.state === 1 && self.ordinal !== set.primary && set.primary !== null ? set.term - 1 : set.term;
}

function syncSource(set: SimulatedSet, member: SimulatedMember): number | null {
  return member.state === 1 || member.state === 8 ? null : set.primary;
}

/** The set takes a few writes a second. */
function applied(member: SimulatedMember, now: SiteTime): SiteTime {
  return now - 100 - member.lagSeconds * seconds;
}

function optime(set: SimulatedSet, member: SimulatedMember, now: SiteTime): MongoReply {
  return { ts: new Timestamp({ t: wholeSecond(applied(member, now)) / seconds, i: 3 }), t: Long.fromNumber(set.term) };
}

function uptimeOf(member: SimulatedMember, now: SiteTime): number {
  return Math.max(0, Math.floor((now - member.startedAt) / seconds));
}

function wholeSecond(time: SiteTime): SiteTime {
  return Math.floor(time / seconds) * seconds;
}
