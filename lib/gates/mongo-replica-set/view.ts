import { Fields } from "./fields.js";
import { readReply, readStatus, type Reply, type Status } from "./status.js";
import { isDocument, type Document } from "./value.js";

/** A member as the replica set's configuration has it. */
export interface ConfigMember {
  id: number | null;
  host: string;
  arbiterOnly: boolean;
  hidden: boolean;
  votes: number;
  delaySeconds: number;
}

/** A reply to `replSetGetConfig`; `members` null where the command failed. */
export interface Config extends Reply {
  id: string | null;
  version: number | null;
  members: ConfigMember[] | null;
}

/** A reply to `hello`. */
export interface Hello extends Reply {
  setName: string | null;
  me: string | null;
  primary: string | null;
}

/** A reply to `getParameter featureCompatibilityVersion`. */
export interface CompatibilityVersion extends Reply {
  version: string | null;
  /** Set while an upgrade or downgrade of it is under way. */
  targetVersion: string | null;
}

/** What `serverStatus` tells of the oplog, and of a backup taken from the files. */
export interface OplogReply extends Reply {
  /** How far back it reaches; null where it does not tell. */
  reachSeconds: number | null;
  backupCursorOpen: boolean;
}

/** Dumps and restores that run, by `currentOp`. */
export interface WorkReply extends Reply {
  fsyncLock: boolean;
  /** Names of the applications, each once, sorted. */
  applications: string[];
}

/** What one member said. A saved `rs.status()` has the status alone. */
export interface View {
  status: Status;
  hello: Hello | null;
  config: Config | null;
  fcv: CompatibilityVersion | null;
  oplog: OplogReply | null;
  work: WorkReply | null;
  /** Version of the server binary, e.g. `7.0.12`. */
  binary: string | null;
}

/** Reads the probe's envelope; `null` where it is none. What is not of its type is added to `problems`. */
export function readEnvelope(document: Document, now: Date, problems: string[]): View | null {
  const { v, status, hello, config, fcv, oplog, work, build } = document;
  if (v !== 1 || !isDocument(status) || !isDocument(hello) || !isDocument(config) || !isDocument(fcv)) return null;
  const fieldsOf = (part: Document, name: string): Fields => new Fields(part, name, problems, now);
  return {
    status: readStatus(status, now, problems),
    hello: readHello(fieldsOf(hello, "hello")),
    config: readConfig(fieldsOf(config, "config")),
    fcv: readCompatibilityVersion(fieldsOf(fcv, "fcv")),
    oplog: isDocument(oplog) ? readOplog(fieldsOf(oplog, "oplog")) : null,
    work: isDocument(work) ? readWork(fieldsOf(work, "work")) : null,
    binary: isDocument(build) ? fieldsOf(build, "build").text("version") : null,
  };
}

function readHello(fields: Fields): Hello {
  return {
    ...readReply(fields),
    setName: fields.text("setName"),
    me: fields.text("me"),
    primary: fields.text("primary"),
  };
}

function readConfig(fields: Fields): Config {
  const config = fields.nested("config");
  return {
    ...readReply(fields),
    id: config?.text("_id") ?? null,
    version: config?.integer("version") ?? null,
    members:
      config?.list("members")?.map((member) => ({
        id: member.integer("_id"),
        host: member.text("host") ?? "",
        arbiterOnly: member.flag("arbiterOnly") ?? false,
        hidden: member.flag("hidden") ?? false,
        votes: member.integer("votes") ?? 1,
        delaySeconds: member.integer("secondaryDelaySecs") ?? member.integer("slaveDelay") ?? 0,
      })) ?? null,
  };
}

function readCompatibilityVersion(fields: Fields): CompatibilityVersion {
  const parameter = fields.nested("featureCompatibilityVersion");
  return {
    ...readReply(fields),
    version: parameter?.text("version") ?? null,
    targetVersion: parameter?.text("targetVersion") ?? null,
  };
}

function readOplog(fields: Fields): OplogReply {
  const [earliest, latest] = [fields.optimeSeconds("earliest"), fields.optimeSeconds("latest")];
  return {
    ...readReply(fields),
    reachSeconds: earliest === null || latest === null ? null : latest - earliest,
    backupCursorOpen: fields.flag("backupCursorOpen") ?? false,
  };
}

function readWork(fields: Fields): WorkReply {
  const names = (fields.list("operations") ?? []).map((operation) => operation.text("appName") ?? "unnamed");
  return {
    ...readReply(fields),
    fsyncLock: fields.flag("fsyncLock") ?? false,
    applications: [...new Set(names)].sort(),
  };
}
