import { InvalidInputError } from "../errors/errors.js";

/** The parts of a connection string. Secret: `login` contains the password; only the hosts may be shown. */
export interface MongoUri {
  /** The hosts are those of a DNS record (`mongodb+srv`). */
  srv: boolean;
  /** `user:password` as written; empty where there is none. */
  login: string;
  /** `host:port`, sorted; of `mongodb+srv` the one name to look up. */
  hosts: string[];
  database: string;
  options: [name: string, value: string][];
}

const form = /^mongodb(\+srv)?:\/\/(?:([^@]*)@)?([^/?@]+)(?:\/([^?]*))?(?:\?(.*))?$/;
const defaultPort = 27017;

/** Options that concern the replica set as a whole, not a connection to a single member. */
const replicaSetOptions = new Set([
  "replicaset",
  "directconnection",
  "loadbalanced",
  "srvmaxhosts",
  "srvservicename",
  "readpreference",
  "readpreferencetags",
  "maxstalenessseconds",
  "appname",
]);

/** Parses a connection string. @throws InvalidInputError `MONGO_URI_INVALID`, never with the text */
export function parseMongoUri(text: string): MongoUri {
  if (text === "") throw createInvalidUriError("it is empty");
  const found = form.exec(text);
  if (!found)
    throw createInvalidUriError("it is no connection string (mongodb:// or mongodb+srv://, a password URL-encoded)");
  const [, plus, login = "", hosts = "", database = "", query = ""] = found;
  const srv = plus !== undefined;
  const options = query
    .split("&")
    .filter((part) => part !== "")
    .map((part): [string, string] => {
      const at = part.indexOf("=");
      return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
    });
  const uri = { srv, login, hosts: parseHosts(hosts, srv), database, options };
  if (getOption(uri, "loadBalanced") === "true")
    throw createInvalidUriError(
      "it leads to a load balancer (loadBalanced=true), behind which no member can be asked by itself",
    );
  return uri;
}

/** Returns the value of an option, case-insensitively; null where it is not given. */
export function getOption({ options }: MongoUri, name: string): string | null {
  const found = options.find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found ? decodeUriText(found[1]) : null;
}

/** Formats the connection string for a direct connection to one member. `added`: options of a DNS record. Secret. */
export function formatMemberUri(uri: MongoUri, host: string, added: readonly [string, string][] = []): string {
  const own = [...added.filter(([name]) => getOption(uri, name) === null), ...uri.options];
  const kept = own.filter(([name]) => !replicaSetOptions.has(name.toLowerCase()));
  const needsTls = uri.srv && !kept.some(([name]) => ["tls", "ssl"].includes(name.toLowerCase()));
  const all = [...kept, ...(needsTls ? [["tls", "true"]] : []), ["directConnection", "true"]];
  const login = uri.login === "" ? "" : `${uri.login}@`;
  return `mongodb://${login}${host}/${uri.database}?${all.map(([name, value]) => `${name}=${value}`).join("&")}`;
}

/** Lists the secrets of a connection string that must be redacted, as written and decoded. */
export function listSecrets({ login }: MongoUri): string[] {
  const password = login.slice(login.indexOf(":") + 1);
  return login.includes(":") && password !== "" ? [...new Set([password, decodeUriText(password)])] : [];
}

function parseHosts(text: string, srv: boolean): string[] {
  const hosts = text.split(",");
  if (hosts.some((host) => !/^(\[[0-9a-f:.]+\]|[^\s:[\]]+)(:\d{1,5})?$/i.test(host)))
    throw createInvalidUriError("one of its hosts cannot be read");
  if (!srv) return [...new Set(hosts.map((host) => (/:\d+$/.test(host) ? host : `${host}:${defaultPort}`)))].sort();
  if (hosts.length !== 1 || /:\d+$/.test(text))
    throw createInvalidUriError("with mongodb+srv it names one host and no port");
  return hosts;
}

function decodeUriText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function createInvalidUriError(fault: string): InvalidInputError {
  return new InvalidInputError("MONGO_URI_INVALID", `The connection string of the external MongoDB: ${fault}.`, {
    next: "Set palette:secrets.mongoUri as a secret; to run a gate by hand, put it into the environment as PALETTE_MONGO_URI.",
  });
}
