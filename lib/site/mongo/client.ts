import { resolveSrv, resolveTxt } from "node:dns/promises";
import { SiteError } from "../../base/errors/site-error.js";
import { getErrorMessage } from "../../base/errors/errors.js";
import { describeTrustFault } from "../../base/net/tls-trust.js";
import { redact } from "../../base/text/redact.js";
import { type MongoReply, type MongoSeeds, type MongoSite } from "./types.js";
import { formatMemberUri, getOption, listSecrets, type MongoUri, parseMongoUri } from "../../base/net/mongo-uri.js";

interface MongoConnectionOptions {
  /** Secret. */
  uri: string;
  /** PEM file of a private CA; null: system trust. */
  caFile: string | null;
}

const answerSeconds = 10;
const maximumTextLength = 600;

/** Options that tests override. */
interface MongoClientOptions {
  dns?: DnsLookups;
  /** Time limit for connecting to a member. */
  connectMillis?: number;
}

interface DnsLookups {
  srv: (name: string) => Promise<{ name: string; port: number }[]>;
  txt: (name: string) => Promise<string[][]>;
}

/**
 * Creates the client of a MongoDB outside the cluster, on the official driver. Each member gets a connection of its
 * own, closed after its replies. Nothing is read or connected before the first call.
 */
export function connectMongo(
  connectionOptions: MongoConnectionOptions,
  { dns = { srv: resolveSrv, txt: resolveTxt }, connectMillis = 5_000 }: MongoClientOptions = {},
): MongoSite {
  let resolved: Promise<{ uri: MongoUri; hosts: string[]; options: [string, string][] }> | null = null;
  const resolveOnce = async (): ReturnType<typeof resolveConnection> => {
    resolved ??= resolveConnection(connectionOptions, dns);
    return resolved.catch((error: unknown) => {
      resolved = null;
      throw error;
    });
  };
  return {
    async seeds(): Promise<MongoSeeds> {
      const { uri, hosts, options } = await resolveOnce();
      const named = getOption({ ...uri, options: [...uri.options, ...options] }, "replicaSet");
      return { hosts, setName: named };
    },
    async ask(host, commands, signal, limitSeconds = answerSeconds): Promise<MongoReply[]> {
      const { uri, options } = await resolveOnce();
      const limits = { connectMillis, answerMillis: limitSeconds * 1000 };
      const connection: MemberConnection = {
        ...connectionOptions,
        uri: formatMemberUri(uri, host, options),
        secrets: listSecrets(uri),
        ...limits,
      };
      return runOnMember(connection, commands, signal);
    },
  };
}

async function resolveConnection(
  connectionOptions: MongoConnectionOptions,
  dns: DnsLookups,
): Promise<{ uri: MongoUri; hosts: string[]; options: [string, string][] }> {
  const uri = parseMongoUri(connectionOptions.uri);
  if (!uri.srv) return { uri, hosts: uri.hosts, options: [] };
  const [name] = uri.hosts;
  const service = getOption(uri, "srvServiceName") ?? "mongodb";
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
    // The driver's rule: a DNS TXT record may set no other options than these.
    return { uri, hosts, options: options.filter(([key]) => /^(authSource|replicaSet)$/i.test(key)) };
  } catch (error) {
    throw new SiteError("network", `the DNS record of ${name} could not be read: ${getErrorMessage(error)}`, {
      cause: error,
    });
  }
}

interface MemberConnection extends MongoConnectionOptions {
  secrets: string[];
  connectMillis: number;
  answerMillis: number;
}

async function runOnMember(
  { uri, caFile, secrets, connectMillis, answerMillis }: MemberConnection,
  commands: readonly Record<string, unknown>[],
  signal: AbortSignal,
): Promise<MongoReply[]> {
  const redactText = (text: string): string => redact(text, secrets).slice(0, maximumTextLength);
  const createFailedReplies = (error: unknown): MongoReply[] => commands.map(() => toFailedReply(error, redactText));
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
    return createFailedReplies(error);
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
          .catch((error: unknown) => toFailedReply(error, redactText)),
      );
    }
    return replies;
  } catch (error) {
    return createFailedReplies(error);
  } finally {
    signal.removeEventListener("abort", stop);
    await client.close().catch(() => undefined);
    signal.throwIfAborted();
  }
}

/** Converts an error to the form of a server's failed reply; `code` is null where no server replied. */
function toFailedReply(error: unknown, redactText: (text: string) => string): MongoReply {
  const { code, codeName, name } = (error ?? {}) as { code?: unknown; codeName?: unknown; name?: unknown };
  return {
    ok: 0,
    code: typeof code === "number" ? code : null,
    codeName: typeof codeName === "string" ? codeName : typeof name === "string" ? name : null,
    errmsg: redactText(describeTrustFault(error) ?? getErrorMessage(error)),
  };
}
