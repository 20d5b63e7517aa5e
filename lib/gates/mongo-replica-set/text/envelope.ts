/**
 * The envelope: what the probe prints in a MongoDB container and what a stub of one must print in its place.
 *
 * One exec of `buildProbeCommand(nonce)` answers on stdout with exactly
 *
 *     @@MGATE1-<nonce>@@
 *     {"v":1,"hello":{…},"status":{…},"config":{…},"fcv":{…},"build":{…}}
 *     @@MGATE1-<nonce>-END@@
 *
 * in canonical EJSON (the legacy shell: its own literal text). Other lines before and after are noise. Each part is the
 * server's whole reply, with `ok`:
 *
 * - `hello`  of `hello` (`isMaster` on old servers): `setName`, `me`, `primary`, `isWritablePrimary`, `secondary`, `hosts`
 * - `status` of `replSetGetStatus`
 * - `config` of `replSetGetConfig`: `{config: {_id, version, term, members: [{_id, host, arbiterOnly, …}], settings}, ok: 1}`
 * - `fcv`    of `getParameter featureCompatibilityVersion`: `{featureCompatibilityVersion: {version: "7.0"}, ok: 1}`
 * - `oplog`  of `serverStatus` with its oplog: `{earliest: Timestamp, latest: Timestamp, backupCursorOpen: false, ok: 1}`
 * - `work`   of `currentOp`, dumps and restores only: `{fsyncLock: false, operations: [{appName: "mongodump"}], ok: 1}`
 * - `build`  of `buildInfo`: `{version: "7.0.12", ok: 1}`
 *
 * The last three may be absent.
 *
 * A command that failed is `{ok: 0, code, codeName, errmsg}` in its place, `code` null where the server was not reached.
 */
import { EJSON } from "bson";

export type MongoReply = Record<string, unknown>;

export interface MongoEnvelope {
  v: 1;
  hello: MongoReply;
  status: MongoReply;
  config: MongoReply;
  fcv: MongoReply;
  oplog?: MongoReply;
  work?: MongoReply;
  build?: MongoReply;
}

/** The document's text between the sentinels, or why there is no trustworthy one. */
type Extracted = { ok: true; text: string } | { ok: false; why: string };

const nonceForm = /^[a-z0-9]{8,64}$/;

/** Formats the line that starts the document. */
export function formatStartSentinel(nonce: string): string {
  return `@@MGATE1-${validateNonce(nonce)}@@`;
}

/** Formats the line that ends the document. */
export function formatEndSentinel(nonce: string): string {
  return `@@MGATE1-${validateNonce(nonce)}-END@@`;
}

/**
 * Extracts the document. Requires exactly one start and one end sentinel of this call, each on its own line, in this
 * order.
 */
export function extractEnvelope(stdout: string, nonce: string): Extracted {
  const lines = stdout.split(/\r?\n/);
  const starts = findSentinelLines(lines, formatStartSentinel(nonce));
  const ends = findSentinelLines(lines, formatEndSentinel(nonce));
  if (starts.length === 0 && ends.length === 0) return { ok: false, why: "the answer holds no document of this call" };
  if (starts.length !== 1 || ends.length !== 1) {
    return {
      ok: false,
      why: `the answer holds ${starts.length} starts and ${ends.length} ends of a document, expected one each`,
    };
  }
  const [start, end] = [starts[0]!, ends[0]!];
  if (start < 0 || end < 0) return { ok: false, why: "the answer's start or end does not stand on a line of its own" };
  if (end < start) return { ok: false, why: "the answer's end stands before its start" };
  return { ok: true, text: lines.slice(start + 1, end).join("\n") };
}

/** Formats the envelope as a container prints it; for stubs of it. Values may be JS values, `Date` and bson types. */
export function formatEnvelope(envelope: MongoEnvelope, nonce: string): string {
  return `${formatStartSentinel(nonce)}\n${EJSON.stringify(envelope, { relaxed: false })}\n${formatEndSentinel(nonce)}\n`;
}

/** Finds the nonce in a probe's command; null where the command is no probe. */
export function findNonce(command: readonly string[]): string | null {
  for (const argument of command) {
    const found = /"@@MGATE1-" \+ "([a-z0-9]{8,64})"/.exec(argument);
    if (found) return found[1]!;
  }
  return null;
}

/** Returns the indexes of lines that are the sentinel, and -1 for each line that contains more than it. */
function findSentinelLines(lines: readonly string[], sentinel: string): number[] {
  return lines.flatMap((line, index) => (line.includes(sentinel) ? [line.trim() === sentinel ? index : -1] : []));
}

function validateNonce(nonce: string): string {
  if (!nonceForm.test(nonce)) throw new RangeError("a nonce is 8 to 64 lower-case letters and digits");
  return nonce;
}
