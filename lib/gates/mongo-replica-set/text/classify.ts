import { isDocument, Opaque, type Document, type Value } from "./value.js";

/** What a document in a saved text is. `null`: nothing known. */
type DocumentKind =
  | "envelope"
  | "status"
  | "members"
  | "config"
  | "hello"
  | "reply"
  | "failure"
  | "noise"
  | "extract"
  | "partial"
  | "several"
  | null;

const maximumDepth = 3;
/** What `printSecondaryReplicationInfo` prints of a member that lags by no more than its clock's step. */
const inStep = /^[01] secs \(0 hrs\) behind the (?:primary|freshest member)/;
/** Components of the server's log that tell of members and their states. */
const ofReplication = /^(?:REPL|ELECTION)/;
const stateKeys = ["state", "stateStr", "health", "optimeDate", "replLag", "syncedTo", "lag"];

/** Classifies a document of a saved text by the fields that only such a document has. */
export function classifyDocument(value: Document | Document[], depth = 0): DocumentKind {
  if (Array.isArray(value)) return classifyList(value, depth);
  if ("v" in value && "status" in value) return "envelope";
  if (isFailure(value)) return "failure";
  const { members } = value;
  if (Array.isArray(members)) return members.length > 0 && members.every(isConfigMember) ? "config" : "status";
  if ("set" in value && "myState" in value) return "status";
  if (isDocument(value["config"]) && Array.isArray(value["config"]["members"])) return "config";
  if ("isWritablePrimary" in value || "ismaster" in value) return "hello";
  if ("ok" in value) return "reply";
  if (isNoise(value)) return "noise";
  if (inStep.test(readText(value["replLag"]))) return "extract";
  if (isPartial(value)) return "partial";
  return depth < maximumDepth && listParts(value).length > 0 ? "several" : null;
}

/** Lists the documents within a map by host, or a list, of answers. */
export function listParts(value: Document | Document[]): (Document | Document[])[] {
  const values = Object.values(value) as Value[];
  const parts = values.flatMap((each) => (isDocument(each) || isDocumentList(each) ? [each] : []));
  return parts.length === values.length ? parts : [];
}

function classifyList(list: Document[], depth: number): DocumentKind {
  if (list.every((member) => "name" in member && "state" in member && !("members" in member))) return "members";
  if (list.every(isPartial)) return "partial";
  return depth < maximumDepth && list.length > 0 ? "several" : null;
}

/** A reply that does not prove success: without `ok` 1 and with an error, or with another `ok`. */
function isFailure(value: Document): boolean {
  return "errmsg" in value ? value["ok"] !== 1 : "ok" in value && !("members" in value) && value["ok"] !== 1;
}

/** A member of `rs.conf()` lists a host; one of `rs.status()` a name and a state. */
function isConfigMember(member: Value): boolean {
  return isDocument(member) && "host" in member && !("state" in member);
}

/**
 * The session that the old shell prints, the result of a write, the oplog's window, or a line of the server's log that is
 * no error and does not tell of replication.
 */
function isNoise(value: Document): boolean {
  const keys = Object.keys(value);
  if (keys.length === 1 && value["id"] instanceof Opaque) return true;
  if (value["acknowledged"] === true) return true;
  if ("logSizeMB" in value && "timeDiff" in value) return true;
  return (
    "t" in value && "msg" in value && !/^[EF]$/.test(readText(value["s"])) && !ofReplication.test(readText(value["c"]))
  );
}

/** A member's name with some of its fields, as a script picks them, or what `printSecondaryReplicationInfo` prints. */
function isPartial(value: Document): boolean {
  return stateKeys.some((key) => key in value) && !("members" in value);
}

function isDocumentList(value: Value | undefined): value is Document[] {
  return Array.isArray(value) && value.length > 0 && value.every(isDocument);
}

function readText(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}
