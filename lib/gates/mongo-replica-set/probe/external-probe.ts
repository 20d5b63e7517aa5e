import { randomBytes } from "node:crypto";
import { SiteError } from "../../../base/errors/site-error.js";
import { getErrorMessage, PaletteError } from "../../../base/errors/errors.js";
import { type MongoReply, type MongoSeeds, type MongoSite } from "../../../site/mongo/types.js";
import { type GateInput } from "../../verdict/types.js";
import { rejectOnAbort } from "../../../base/time/abortable.js";
import { type Answer, type MongoProbe } from "./answers.js";
import { findSelf, formatMemberLabel } from "../rules/context.js";
import { formatEnvelope, type MongoEnvelope } from "../text/envelope.js";
import { type Finding } from "../finding.js";
import { parseAnswer, type Parsed } from "../text/parse.js";
import { type ConfigMember } from "../reply/view.js";

const limit = { maxTimeMS: 5000 };

/** The same commands as in the script for a container; each only reads. */
const commands = {
  hello: { hello: 1, ...limit },
  status: { replSetGetStatus: 1, ...limit },
  config: { replSetGetConfig: 1, ...limit },
  fcv: { getParameter: 1, featureCompatibilityVersion: 1, ...limit },
  server: { serverStatus: 1, oplog: 1, ...limit },
  operations: { currentOp: 1, $all: true, appName: { $in: ["mongodump", "mongorestore"] } },
  build: { buildInfo: 1, ...limit },
};

/**
 * Asks every member with data of an external MongoDB: those in the connection string, and the hidden ones in the set's
 * configuration. The number of members expected comes from the connection string, which is how the set was set up.
 */
export async function probeExternal(input: GateInput, signal: AbortSignal): Promise<MongoProbe> {
  const { mongo } = input.site;
  const nothing = { surroundings: null, expectedMembers: null, expectedSet: null, answers: [] };
  if (!mongo) return { ...nothing, findings: [createUnreadFinding("no client of it was made")] };
  let seeds: MongoSeeds;
  try {
    seeds = await rejectOnAbort(mongo.seeds(), signal);
  } catch (error) {
    signal.throwIfAborted();
    return { ...nothing, findings: [createSeedsFinding(error)] };
  }
  const now = await rejectOnAbort(input.clock.now(), signal);
  const askAll = (hosts: readonly string[]): Promise<Answer[]> =>
    Promise.all(hosts.map((host) => rejectOnAbort(ask(mongo, host, now, signal), signal)));
  const named = await askAll(seeds.hosts);
  const configured = findConfiguredMembers(named);
  const others = configured.filter(({ host }) => !collectAnsweringNames(named).has(host));
  const hidden = await askAll(
    others.filter(({ hidden, arbiterOnly }) => hidden && !arbiterOnly).map(({ host }) => host),
  );
  const unnamed = others.filter(({ hidden, arbiterOnly }) => hidden || arbiterOnly).length;
  return {
    surroundings: null,
    expectedMembers: seeds.hosts.length + unnamed,
    expectedSet: seeds.setName,
    answers: [...named, ...hidden],
    findings: [],
  };
}

/** Collects the names that the answering members give themselves. */
export function collectAnsweringNames(answers: readonly Answer[]): Set<string> {
  return new Set(
    answers.flatMap(({ parsed }) =>
      parsed.kind === "view" ? (findSelf(parsed.view.status.members ?? [])?.name ?? []) : [],
    ),
  );
}

/** Returns the members in the set's configuration, from the first answer that has it. */
export function findConfiguredMembers(answers: readonly Answer[]): ConfigMember[] {
  return answers.flatMap(({ parsed }) => (parsed.kind === "view" ? [parsed.view.config?.members ?? []] : [])).find((members) => members.length > 0) ?? []; // prettier-ignore
}

async function ask(mongo: MongoSite, host: string, now: Date, signal: AbortSignal): Promise<Answer> {
  const replies = await mongo.ask(host, Object.values(commands), signal);
  const reply = Object.fromEntries(Object.keys(commands).map((name, index) => [name, replies[index] ?? { ok: 0 }]));
  const nonce = randomBytes(12).toString("hex");
  const parsed = parseAnswer(
    formatEnvelope(createEnvelope(reply as Record<keyof typeof commands, MongoReply>), nonce),
    nonce,
    now,
  );
  return { pod: getAnsweringLabel(parsed, host), parsed };
}

function createEnvelope({
  hello,
  status,
  config,
  fcv,
  server,
  operations,
  build,
}: Record<keyof typeof commands, MongoReply>): MongoEnvelope {
  const { earliestOptime: earliest, latestOptime: latest } = toRecord(server["oplog"]);
  const { backupCursorOpen = false } = toRecord(server["storageEngine"]);
  const inprog = Array.isArray(operations["inprog"]) ? (operations["inprog"] as unknown[]) : [];
  const running = inprog.map((each) => ({ appName: String(toRecord(each)["appName"]) }));
  const stamps = { earliest, latest };
  return {
    v: 1,
    hello,
    status,
    config,
    fcv,
    oplog: server["ok"] === 1 ? { ...stamps, backupCursorOpen, ok: 1 } : server,
    work:
      operations["ok"] === 1 ? { fsyncLock: operations["fsyncLock"] ?? false, operations: running, ok: 1 } : operations,
    build: build["ok"] === 1 ? { version: build["version"], ok: 1 } : build,
  };
}

function getAnsweringLabel(parsed: Parsed, host: string): string {
  const self = parsed.kind === "view" ? findSelf(parsed.view.status.members ?? []) : null;
  return formatMemberLabel(self?.name ?? host);
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function createSeedsFinding(error: unknown): Finding {
  const advice = error instanceof PaletteError && error.next !== undefined ? ` ${error.next}` : "";
  return createUnreadFinding(
    `${getErrorMessage(error).replace(/\.$/, "")}`,
    error instanceof SiteError && error.kind === "network",
    advice,
  );
}

function createUnreadFinding(why: string, passing = false, advice = ""): Finding {
  return {
    rule: null,
    member: null,
    code: passing ? "SITE_UNREACHABLE" : "MONGO_URI_INVALID",
    outcome: passing ? "wait" : "unknown",
    message: `The external MongoDB cannot be asked: ${why}.${advice}`,
  };
}
