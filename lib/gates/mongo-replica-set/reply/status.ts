import { FieldReader } from "./fields.js";
import type { Document } from "../text/value.js";

/** Member states by number; the texts are what the server prints (a member that is down prints another text). */
export const stateNames: Readonly<Record<number, string>> = {
  0: "STARTUP",
  1: "PRIMARY",
  2: "SECONDARY",
  3: "RECOVERING",
  4: "FATAL",
  5: "STARTUP2",
  6: "UNKNOWN",
  7: "ARBITER",
  8: "DOWN",
  9: "ROLLBACK",
  10: "REMOVED",
};

/** The success fields of any command's reply. `ok` null: the field is missing, which is not success. */
export interface Reply {
  ok: number | null;
  code: number | null;
  codeName: string | null;
  errmsg: string | null;
}

/** One entry of `replSetGetStatus.members`; null is a field the server did not send. Date(0) means never. */
export interface MemberStatus {
  id: number | null;
  name: string;
  state: number | null;
  stateStr: string | null;
  health: number | null;
  self: boolean;
  uptimeSeconds: number | null;
  optimeSeconds: number | null;
  optimeTerm: number | null;
  optimeDate: Date | null;
  /** How far its journal is. */
  durableSeconds: number | null;
  durableWallTime: Date | null;
  appliedWallTime: Date | null;
  lastHeartbeat: Date | null;
  lastHeartbeatRecv: Date | null;
  heartbeatMessage: string;
  infoMessage: string;
  electionDate: Date | null;
  configVersion: number | null;
  configTerm: number | null;
  authenticated: boolean | null;
  maintenanceMode: number | null;
}

/** Progress of a member's initial sync; null is what the server did not send (before 4.4). */
export interface InitialSync {
  copiedBytes: number | null;
  totalBytes: number | null;
  remainingMillis: number | null;
}

/** A reply to `replSetGetStatus`, seen from one member. */
export interface Status extends Reply {
  /** `array`: only the list of members was saved, without what proves success. */
  shape: "full" | "array";
  set: string | null;
  date: Date | null;
  myState: number | null;
  term: number | null;
  heartbeatSeconds: number;
  majorityVoteCount: number | null;
  writeMajorityCount: number | null;
  votingMembersCount: number | null;
  /** Seconds of the optimes that the answering member has applied, and that it knows to be committed. */
  appliedSeconds: number | null;
  /** The answering member's own journal. */
  durableSeconds: number | null;
  durableWallTime: Date | null;
  committedSeconds: number | null;
  lastAppliedWallTime: Date | null;
  lastCommittedWallTime: Date | null;
  /** Null: none. */
  initialSync: InitialSync | null;
  tooStale: boolean;
  members: MemberStatus[] | null;
}

const heartbeatDefaultMillis = 2000;
const heartbeatMaximumMillis = 10_000;

/** Reads a reply to `replSetGetStatus`; every field that is there and not of its type is added to `problems`. */
export function readStatus(document: Document, now: Date, problems: string[]): Status {
  const fields = new FieldReader(document, "", problems, now);
  const optimes = fields.readNested("optimes");
  const interval = fields.readInteger("heartbeatIntervalMillis") ?? heartbeatDefaultMillis;
  return {
    ...readReply(fields),
    shape: "full",
    set: fields.readText("set"),
    date: fields.readDate("date"),
    myState: fields.readInteger("myState"),
    term: fields.readInteger("term"),
    heartbeatSeconds: Math.min(Math.max(interval, 1), heartbeatMaximumMillis) / 1000,
    majorityVoteCount: fields.readInteger("majorityVoteCount"),
    writeMajorityCount: fields.readInteger("writeMajorityCount"),
    votingMembersCount: fields.readInteger("votingMembersCount"),
    appliedSeconds: optimes?.readOptimeSeconds("appliedOpTime") ?? null,
    durableSeconds: optimes?.readOptimeSeconds("durableOpTime") ?? null,
    durableWallTime: optimes?.readDate("lastDurableWallTime") ?? null,
    committedSeconds: optimes?.readOptimeSeconds("lastCommittedOpTime") ?? null,
    lastAppliedWallTime: optimes?.readDate("lastAppliedWallTime") ?? null,
    lastCommittedWallTime: optimes?.readDate("lastCommittedWallTime") ?? null,
    initialSync: fields.has("initialSyncStatus") ? readInitialSync(fields.readNested("initialSyncStatus")) : null,
    tooStale: fields.readFlag("tooStale") ?? false,
    members: fields.readList("members")?.map((member, index) => readMember(member, index, problems)) ?? null,
  };
}

/** Reads a saved `rs.status().members`, which holds nothing but the members. */
export function readMembersOnly(members: Document[], now: Date, problems: string[]): Status {
  const whole = Object.assign(Object.create(null) as Document, { members });
  return { ...readStatus(whole, now, problems), shape: "array" };
}

function readInitialSync(fields: FieldReader | null): InitialSync {
  return {
    copiedBytes: fields?.readInteger("approxTotalBytesCopied") ?? null,
    totalBytes: fields?.readInteger("approxTotalDataSize") ?? null,
    remainingMillis: fields?.readInteger("remainingInitialSyncEstimatedMillis") ?? null,
  };
}

/** Reads `ok`, `code`, `codeName`, `errmsg` of any reply. */
export function readReply(fields: FieldReader): Reply {
  return {
    ok: fields.readInteger("ok"),
    code: fields.readInteger("code"),
    codeName: fields.readText("codeName"),
    errmsg: fields.readText("errmsg"),
  };
}

function readMember(fields: FieldReader, index: number, problems: string[]): MemberStatus {
  const name = fields.readText("name");
  if (name === null || name === "") problems.push(`members[${index}].name is missing`);
  return {
    id: fields.readInteger("_id"),
    name: name ?? `members[${index}]`,
    state: fields.readInteger("state"),
    stateStr: fields.readText("stateStr"),
    health: fields.readInteger("health"),
    self: fields.readFlag("self") ?? false,
    uptimeSeconds: fields.readInteger("uptime"),
    optimeSeconds: fields.readOptimeSeconds("optime"),
    optimeTerm: fields.readOptimeTerm("optime"),
    optimeDate: fields.readDate("optimeDate"),
    durableSeconds: fields.readOptimeSeconds("optimeDurable"),
    durableWallTime: fields.readDate("lastDurableWallTime"),
    appliedWallTime: fields.readDate("lastAppliedWallTime"),
    lastHeartbeat: fields.readDate("lastHeartbeat"),
    lastHeartbeatRecv: fields.readDate("lastHeartbeatRecv"),
    heartbeatMessage: fields.readText("lastHeartbeatMessage") ?? "",
    infoMessage: fields.readText("infoMessage") ?? "",
    electionDate: fields.readDate("electionDate"),
    configVersion: fields.readInteger("configVersion"),
    configTerm: fields.readInteger("configTerm"),
    authenticated: fields.readFlag("authenticated"),
    maintenanceMode: fields.readInteger("maintenanceMode"),
  };
}
