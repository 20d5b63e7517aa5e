import { InvalidInputError } from "../errors.js";

/** The parts of a connection string. Secret: `login` holds the password; nothing here is for showing but the hosts. */
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

/** Options about the way to the set as a whole; a member that is asked by itself has no use for them. */
const ofTheSet = new Set([
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

/** @throws InvalidInputError `MONGO_URI_INVALID`; never shows the text */
export function parseMongoUri(text: string): MongoUri {
  if (text === "") throw invalid("it is empty");
  const found = form.exec(text);
  if (!found) throw invalid("it is no connection string (mongodb:// or mongodb+srv://, a password URL-encoded)");
  const [, plus, login = "", hosts = "", database = "", query = ""] = found;
  const srv = plus !== undefined;
  const options = query
    .split("&")
    .filter((part) => part !== "")
    .map((part): [string, string] => {
      const at = part.indexOf("=");
      return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
    });
  const uri = { srv, login, hosts: hostsOf(hosts, srv), database, options };
  if (optionOf(uri, "loadBalanced") === "true")
    throw invalid("it leads to a load balancer (loadBalanced=true), behind which no member can be asked by itself");
  return uri;
}

/** The value of an option, whatever its letters' case; null where it is not given. */
export function optionOf({ options }: MongoUri, name: string): string | null {
  const found = options.find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found ? decoded(found[1]) : null;
}

/** The connection string of one member, asked directly. `added` are the options of a DNS record. Secret. */
export function memberUri(uri: MongoUri, host: string, added: readonly [string, string][] = []): string {
  const own = [...added.filter(([name]) => optionOf(uri, name) === null), ...uri.options];
  const kept = own.filter(([name]) => !ofTheSet.has(name.toLowerCase()));
  const secured = uri.srv && !kept.some(([name]) => ["tls", "ssl"].includes(name.toLowerCase()));
  const all = [...kept, ...(secured ? [["tls", "true"]] : []), ["directConnection", "true"]];
  const login = uri.login === "" ? "" : `${uri.login}@`;
  return `mongodb://${login}${host}/${uri.database}?${all.map(([name, value]) => `${name}=${value}`).join("&")}`;
}

/** Texts of a connection string that must not leave, as written and decoded. */
export function secretsOf({ login }: MongoUri): string[] {
  const password = login.slice(login.indexOf(":") + 1);
  return login.includes(":") && password !== "" ? [...new Set([password, decoded(password)])] : [];
}

function hostsOf(text: string, srv: boolean): string[] {
  const hosts = text.split(",");
  if (hosts.some((host) => !/^(\[[0-9a-f:.]+\]|[^\s:[\]]+)(:\d{1,5})?$/i.test(host)))
    throw invalid("one of its hosts cannot be read");
  if (!srv) return [...new Set(hosts.map((host) => (/:\d+$/.test(host) ? host : `${host}:${defaultPort}`)))].sort();
  if (hosts.length !== 1 || /:\d+$/.test(text)) throw invalid("with mongodb+srv it names one host and no port");
  return hosts;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalid(fault: string): InvalidInputError {
  return new InvalidInputError("MONGO_URI_INVALID", `The connection string of the external MongoDB: ${fault}.`, {
    next: "Set palette:mongoUri as a secret; to run a gate by hand, put it into the environment as PALETTE_MONGO_URI.",
  });
}
