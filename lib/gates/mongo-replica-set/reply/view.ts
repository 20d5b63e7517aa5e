import { FieldReader } from "./fields.js";
import { readReply, readStatus, type Reply, type Status } from "./status.js";
import { isDocument, type Document } from "../text/value.js";

/** A member in the replica set's configuration. */
export interface ConfigMember {
  id: number | null;
  host: string;
  arbiterOnly: boolean;
  hidden: boolean;
  votes: number;
  priority: number;
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
  isWritablePrimary: boolean | null;
}

/** A reply to `getParameter featureCompatibilityVersion`. */
interface CompatibilityVersion extends Reply {
  version: string | null;
  /** Set while an upgrade or downgrade of it is under way. */
  targetVersion: string | null;
}

/** What `serverStatus` reports of the oplog, and of a backup taken from the files. */
export interface OplogReply extends Reply {
  /** How far back the oplog reaches; null where it is not reported. */
  reachSeconds: number | null;
  backupCursorOpen: boolean;
}

/** Running dumps and restores, from `currentOp`. */
export interface WorkReply extends Reply {
  fsyncLock: boolean;
  /** Names of the applications, each once, sorted. */
  applications: string[];
}

/** The answer of one member. A saved text has the status, and the replies to hello and replSetGetConfig where they are in it. */
export interface View {
  /** Whether the probe asked, whose answer has all parts. */
  probed: boolean;
  status: Status;
  hello: Hello | null;
  config: Config | null;
  fcv: CompatibilityVersion | null;
  oplog: OplogReply | null;
  work: WorkReply | null;
  /** Version of the server binary, e.g. `7.0.12`. */
  binary: string | null;
}

/** Reads the probe's envelope; null where it is none. Fields of another type are added to `problems`. */
export function readEnvelope(document: Document, now: Date, problems: string[]): View | null {
  const { v, status, hello, config, fcv, oplog, work, build } = document;
  if (v !== 1 || !isDocument(status) || !isDocument(hello) || !isDocument(config) || !isDocument(fcv)) return null;
  const createFieldReader = (part: Document, name: string): FieldReader => new FieldReader(part, name, problems, now);
  return {
    probed: true,
    status: readStatus(status, now, problems),
    hello: readHello(createFieldReader(hello, "hello")),
    config: readConfig(createFieldReader(config, "config")),
    fcv: readCompatibilityVersion(createFieldReader(fcv, "fcv")),
    oplog: isDocument(oplog) ? readOplog(createFieldReader(oplog, "oplog")) : null,
    work: isDocument(work) ? readWork(createFieldReader(work, "work")) : null,
    binary: isDocument(build) ? createFieldReader(build, "build").readText("version") : null,
  };
}

/** Reads `rs.conf()`, which is the configuration without a reply around it, or a whole reply to replSetGetConfig. */
export function readSavedConfig(document: Document, now: Date, problems: string[]): Config {
  const whole = isDocument(document["config"]);
  const reply = whole ? document : Object.assign(Object.create(null) as Document, { config: document, ok: 1 });
  return readConfig(new FieldReader(reply, "config", problems, now));
}

/** Reads a reply to `hello`. */
export function readSavedHello(document: Document, now: Date, problems: string[]): Hello {
  return readHello(new FieldReader(document, "hello", problems, now));
}

function readHello(fields: FieldReader): Hello {
  return {
    ...readReply(fields),
    setName: fields.readText("setName"),
    me: fields.readText("me"),
    primary: fields.readText("primary"),
    isWritablePrimary: fields.readFlag("isWritablePrimary") ?? fields.readFlag("ismaster"),
  };
}

function readConfig(fields: FieldReader): Config {
  const config = fields.readNested("config");
  return {
    ...readReply(fields),
    id: config?.readText("_id") ?? null,
    version: config?.readInteger("version") ?? null,
    members:
      config?.readList("members")?.map((member) => ({
        id: member.readInteger("_id"),
        host: member.readText("host") ?? "",
        arbiterOnly: member.readFlag("arbiterOnly") ?? false,
        hidden: member.readFlag("hidden") ?? false,
        votes: member.readInteger("votes") ?? 1,
        priority: member.readNumber("priority") ?? 1,
        delaySeconds: member.readInteger("secondaryDelaySecs") ?? member.readInteger("slaveDelay") ?? 0,
      })) ?? null,
  };
}

function readCompatibilityVersion(fields: FieldReader): CompatibilityVersion {
  const parameter = fields.readNested("featureCompatibilityVersion");
  return {
    ...readReply(fields),
    version: parameter?.readText("version") ?? null,
    targetVersion: parameter?.readText("targetVersion") ?? null,
  };
}

function readOplog(fields: FieldReader): OplogReply {
  const [earliest, latest] = [fields.readOptimeSeconds("earliest"), fields.readOptimeSeconds("latest")];
  return {
    ...readReply(fields),
    reachSeconds: earliest === null || latest === null ? null : latest - earliest,
    backupCursorOpen: fields.readFlag("backupCursorOpen") ?? false,
  };
}

function readWork(fields: FieldReader): WorkReply {
  const names = (fields.readList("operations") ?? []).map((operation) => operation.readText("appName") ?? "unnamed");
  return {
    ...readReply(fields),
    fsyncLock: fields.readFlag("fsyncLock") ?? false,
    applications: [...new Set(names)].sort(),
  };
}
