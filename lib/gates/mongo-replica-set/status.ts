import { Fields } from "./fields.js";
import type { Document } from "./value.js";

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

/** What any command's reply says of its success. `ok` null: the field is missing, which is not success. */
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
  optimeDate: Date | null;
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

/** How far a member's first copy is; null is what the server did not send (before 4.4). */
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
  const fields = new Fields(document, "", problems, now);
  const optimes = fields.nested("optimes");
  const interval = fields.integer("heartbeatIntervalMillis") ?? heartbeatDefaultMillis;
  return {
    ...readReply(fields),
    shape: "full",
    set: fields.text("set"),
    date: fields.date("date"),
    myState: fields.integer("myState"),
    term: fields.integer("term"),
    heartbeatSeconds: Math.min(Math.max(interval, 1), heartbeatMaximumMillis) / 1000,
    majorityVoteCount: fields.integer("majorityVoteCount"),
    writeMajorityCount: fields.integer("writeMajorityCount"),
    lastAppliedWallTime: optimes?.date("lastAppliedWallTime") ?? null,
    lastCommittedWallTime: optimes?.date("lastCommittedWallTime") ?? null,
    initialSync: fields.has("initialSyncStatus") ? readInitialSync(fields.nested("initialSyncStatus")) : null,
    tooStale: fields.flag("tooStale") ?? false,
    members: fields.list("members")?.map((member, index) => readMember(member, index, problems)) ?? null,
  };
}

/** A saved `rs.status().members`: all that can be said of it are the members. */
export function readMembersOnly(members: Document[], now: Date, problems: string[]): Status {
  const whole = Object.assign(Object.create(null) as Document, { members });
  return { ...readStatus(whole, now, problems), shape: "array" };
}

function readInitialSync(fields: Fields | null): InitialSync {
  return {
    copiedBytes: fields?.integer("approxTotalBytesCopied") ?? null,
    totalBytes: fields?.integer("approxTotalDataSize") ?? null,
    remainingMillis: fields?.integer("remainingInitialSyncEstimatedMillis") ?? null,
  };
}

/** `ok`, `code`, `codeName`, `errmsg` of any reply. */
export function readReply(fields: Fields): Reply {
  return {
    ok: fields.integer("ok"),
    code: fields.integer("code"),
    codeName: fields.text("codeName"),
    errmsg: fields.text("errmsg"),
  };
}

function readMember(fields: Fields, index: number, problems: string[]): MemberStatus {
  const name = fields.text("name");
  if (name === null || name === "") problems.push(`members[${index}].name is missing`);
  return {
    id: fields.integer("_id"),
    name: name ?? `members[${index}]`,
    state: fields.integer("state"),
    stateStr: fields.text("stateStr"),
    health: fields.integer("health"),
    self: fields.flag("self") ?? false,
    uptimeSeconds: fields.integer("uptime"),
    optimeSeconds: fields.optimeSeconds("optime"),
    optimeDate: fields.date("optimeDate"),
    appliedWallTime: fields.date("lastAppliedWallTime"),
    lastHeartbeat: fields.date("lastHeartbeat"),
    lastHeartbeatRecv: fields.date("lastHeartbeatRecv"),
    heartbeatMessage: fields.text("lastHeartbeatMessage") ?? "",
    infoMessage: fields.text("infoMessage") ?? "",
    electionDate: fields.date("electionDate"),
    configVersion: fields.integer("configVersion"),
    configTerm: fields.integer("configTerm"),
    authenticated: fields.flag("authenticated"),
    maintenanceMode: fields.integer("maintenanceMode"),
  };
}
