import { resolveSrv, resolveTxt } from "node:dns/promises";
import { messageOf } from "../errors.js";
import { redact } from "../gates/redact.js";
import { memberUri, optionOf, parseMongoUri, secretsOf, type MongoUri } from "./mongo-uri.js";
import { type MongoReply, type MongoSeeds, type MongoSite } from "./mongo-types.js";
import { SiteError } from "./types.js";

export interface MongoPlace {
  /** Secret. */
  uri: string;
  /** PEM file of a private CA; null: system trust. */
  caFile: string | null;
}

const answerSeconds = 10;
const maximumTextLength = 600;

/** What differs in tests. */
export interface MongoClientOptions {
  dns?: DnsLookups;
  /** How long a member may take to be reached. */
  connectMillis?: number;
}

export interface DnsLookups {
  srv: (name: string) => Promise<{ name: string; port: number }[]>;
  txt: (name: string) => Promise<string[][]>;
}

/**
 * A MongoDB outside the cluster, through the official driver: each member by a connection of its own that is closed after
 * its answers. Nothing is read or connected before the first question.
 */
export function connectMongo(
  place: MongoPlace,
  { dns = { srv: resolveSrv, txt: resolveTxt }, connectMillis = 5_000 }: MongoClientOptions = {},
): MongoSite {
  let known: Promise<{ uri: MongoUri; hosts: string[]; options: [string, string][] }> | null = null;
  const lookUp = async (): ReturnType<typeof readPlace> => {
    known ??= readPlace(place, dns);
    return known.catch((error: unknown) => {
      known = null;
      throw error;
    });
  };
  return {
    async seeds(): Promise<MongoSeeds> {
      const { uri, hosts, options } = await lookUp();
      const named = optionOf({ ...uri, options: [...uri.options, ...options] }, "replicaSet");
      return { hosts, setName: named };
    },
    async ask(host, commands, signal, limitSeconds = answerSeconds): Promise<MongoReply[]> {
      const { uri, options } = await lookUp();
      const limits = { connectMillis, answerMillis: limitSeconds * 1000 };
      const how: Asking = { ...place, uri: memberUri(uri, host, options), secrets: secretsOf(uri), ...limits };
      return askMember(how, commands, signal);
    },
  };
}

async function readPlace(
  place: MongoPlace,
  dns: DnsLookups,
): Promise<{ uri: MongoUri; hosts: string[]; options: [string, string][] }> {
  const uri = parseMongoUri(place.uri);
  if (!uri.srv) return { uri, hosts: uri.hosts, options: [] };
  const [name] = uri.hosts;
  const service = optionOf(uri, "srvServiceName") ?? "mongodb";
  try {
    const records = await dns.srv(`_${service}._tcp.${name}`);
    const texts = await dns.txt(name!).catch(() => []);
    const options = texts
      .flatMap((parts) => parts.join("").split("&"))
      .map((part): [string, string] => {
        const [key = "", value = ""] = part.split("=");
        return [key, value];
      });
    const hosts = records.map((record) => `${record.name}:${record.port}`).sort();
    // The driver's rule: a DNS record may say no more than these.
    return { uri, hosts, options: options.filter(([key]) => /^(authSource|replicaSet)$/i.test(key)) };
  } catch (error) {
    throw new SiteError("network", `the DNS record of ${name} could not be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

interface Asking extends MongoPlace {
  secrets: string[];
  connectMillis: number;
  answerMillis: number;
}

async function askMember(
  { uri, caFile, secrets, connectMillis, answerMillis }: Asking,
  commands: readonly Record<string, unknown>[],
  signal: AbortSignal,
): Promise<MongoReply[]> {
  const clean = (text: string): string => redact(text, secrets).slice(0, maximumTextLength);
  const failed = (error: unknown): MongoReply[] => commands.map(() => failureOf(error, clean));
  signal.throwIfAborted();
  const { MongoClient } = await import("mongodb");
  let client: InstanceType<typeof MongoClient>;
  try {
    client = new MongoClient(uri, {
      appName: "palette-gate",
      maxPoolSize: 1,
      retryReads: false,
      serverSelectionTimeoutMS: connectMillis,
      connectTimeoutMS: connectMillis,
      socketTimeoutMS: answerMillis,
      ...(caFile === null ? {} : { tlsCAFile: caFile }),
    });
  } catch (error) {
    return failed(error);
  }
  const stop = (): void => void client.close().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await client.connect();
    const replies: MongoReply[] = [];
    for (const command of commands) {
      replies.push(
        await client
          .db("admin")
          .command(command)
          .catch((error: unknown) => failureOf(error, clean)),
      );
    }
    return replies;
  } catch (error) {
    return failed(error);
  } finally {
    signal.removeEventListener("abort", stop);
    await client.close().catch(() => undefined);
    signal.throwIfAborted();
  }
}

/** In the words of a server's reply that says why it failed; `code` null where no server said it. */
function failureOf(error: unknown, clean: (text: string) => string): MongoReply {
  const { code, codeName, name } = (error ?? {}) as { code?: unknown; codeName?: unknown; name?: unknown };
  return {
    ok: 0,
    code: typeof code === "number" ? code : null,
    codeName: typeof codeName === "string" ? codeName : typeof name === "string" ? name : null,
    errmsg: clean(messageOf(error)),
  };
}
