import { readFileSync } from "node:fs";
import { type Cluster, type User } from "@kubernetes/client-node";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";
import { listTrustedCertificates } from "../../base/net/agents.js";
import { findProxy } from "../../base/net/proxy.js";
import { findExecutable, isExecutable, listPathFolders } from "../../base/process/find-on-path.js";
import { type ExecPlugin } from "./exec-plugin.js";
import {
  type ClusterEntry,
  createUnreadableError,
  resolveBeside,
  type Sourced,
  type UserEntry,
} from "./kubeconfig-file.js";
import { type KubeconfigLocation } from "./kubeconfig.js";

/** Cluster and user of a context, with absolute paths, checked as far as this machine can tell. */
export interface ClusterAccess {
  cluster: Cluster;
  user: User;
  /** File of the bearer token, read again as it changes; null for none. */
  tokenFile: string | null;
  plugin: ExecPlugin | null;
}

/**
 * Resolves what a kubeconfig's context leads to, and refuses at once what no waiting mends: a cluster or user that is
 * missing, a file that cannot be read, a plugin that is not on this machine, a server without TLS. Null for the pod's own
 * service account.
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE`, `KUBECONFIG_CONTEXT`, `KUBECONFIG_PLUGIN`, `PROXY_INVALID`, each
 * naming file and key.
 */
export function resolveClusterAccess(
  { merged, context: wanted, files }: KubeconfigLocation,
  environment: NodeJS.ProcessEnv,
): ClusterAccess | null {
  if (merged === undefined) return null;
  const name = wanted ?? merged.currentContext ?? "";
  const context = merged.contexts.get(name);
  const clusterName = context?.entry.cluster ?? "";
  const userName = context?.entry.user ?? "";
  const cluster = merged.clusters.get(clusterName);
  const user = merged.users.get(userName);
  if (cluster === undefined) throw createMissingError("cluster", clusterName, name, context?.file ?? files.join(", "));
  if (user === undefined && userName !== "")
    throw createMissingError("user", userName, name, context?.file ?? files.join(", "));
  const { entry, file } = cluster;
  const at = (key: string): string => `clusters."${clusterName}".${key}`;
  const server = parseServer(entry.server ?? "", entry["insecure-skip-tls-verify"] ?? false, file, at("server"));
  return {
    cluster: {
      name: clusterName || "cluster",
      server: server.text,
      ...resolveAuthority(entry, server.url.protocol, file, at, environment),
      skipTLSVerify: entry["insecure-skip-tls-verify"] ?? false,
      tlsServerName: entry["tls-server-name"] || undefined,
      proxyUrl: resolveProxy(entry["proxy-url"] || null, server.url, file, at("proxy-url"), environment),
    },
    ...resolveUser(user ?? { entry: {}, file }, userName, environment, () => describeCluster(entry, file)),
  };
}

function resolveUser(
  { entry, file }: Sourced<UserEntry>,
  name: string,
  environment: NodeJS.ProcessEnv,
  getClusterInfo: () => Record<string, unknown>,
): Pick<ClusterAccess, "user" | "tokenFile" | "plugin"> {
  const at = (key: string): string => `users."${name}".${key}`;
  if (entry["auth-provider"])
    throw createUnreadableError(
      file,
      `${at("auth-provider")} names "${entry["auth-provider"].name ?? ""}", which kubectl dropped in 1.26; use an exec plugin`,
    );
  if (entry["as-groups"]?.length || entry["as-uid"] || Object.keys(entry["as-user-extra"] ?? {}).length > 0)
    throw createUnreadableError(
      file,
      `${at("as")} impersonates with groups, a uid or extra fields, which this program does not send; use a user of its own`,
    );
  const tokenFile = readableFile(file, entry.tokenFile, at("tokenFile")) ?? null;
  return {
    user: {
      name: name || "user",
      ...(entry["client-certificate-data"]
        ? { certData: entry["client-certificate-data"] }
        : { certFile: readableFile(file, entry["client-certificate"], at("client-certificate")) }),
      ...(entry["client-key-data"]
        ? { keyData: entry["client-key-data"] }
        : { keyFile: readableFile(file, entry["client-key"], at("client-key")) }),
      // As for kubectl, the file's token counts before the token in the kubeconfig.
      token: tokenFile === null ? entry.token || undefined : undefined,
      username: entry.username || undefined,
      password: entry.password || undefined,
      impersonateUser: entry.as || undefined,
    },
    tokenFile,
    plugin: entry.exec ? resolvePlugin(entry.exec, file, at("exec"), environment, getClusterInfo) : null,
  };
}

/** Data count before a file, as for kubectl; without either, what this machine trusts, read only where TLS asks for it. */
function resolveAuthority(
  entry: ClusterEntry,
  protocol: string,
  file: string,
  at: (key: string) => string,
  environment: NodeJS.ProcessEnv,
): Pick<Cluster, "caData" | "caFile"> {
  const caData = entry["certificate-authority-data"] || undefined;
  const caFile = caData ? undefined : readableFile(file, entry["certificate-authority"], at("certificate-authority"));
  if (caData === undefined && caFile === undefined) {
    if (protocol !== "https:") return {};
    const trusted = listTrustedCertificates(undefined, environment);
    return trusted === undefined ? {} : { caData: Buffer.from(trusted.join("\n")).toString("base64") };
  }
  const pem = caData === undefined ? caFile && readFileSync(caFile, "utf8") : Buffer.from(caData, "base64").toString();
  if (pem?.includes("-----BEGIN CERTIFICATE-----")) return { caData, caFile };
  const key = caData === undefined ? `certificate-authority names ${caFile}, which` : "certificate-authority-data";
  throw createUnreadableError(file, `${at(key)} holds no certificate (PEM)`);
}

/** A command with a slash begins at the kubeconfig's folder; one without is searched in PATH. */
function resolvePlugin(
  exec: NonNullable<UserEntry["exec"]>,
  file: string,
  key: string,
  environment: NodeJS.ProcessEnv,
  getClusterInfo: () => Record<string, unknown>,
): ExecPlugin {
  const written = exec.command ?? "";
  const command = /[\\/]/.test(written) ? resolveBeside(file, written) : findInPath(written, environment);
  const where = `The kubeconfig ${file}, ${key}.command`;
  if (written === "" || command === null || !isExecutable(command)) {
    const found =
      written === "" ? "names no command" : `names ${command ?? written}, which is no program on this machine`;
    const hint = exec.installHint ? ` Its install hint: ${exec.installHint.replace(/\s+/g, " ").slice(0, 300)}` : "";
    throw new InvalidInputError("KUBECONFIG_PLUGIN", `${where} ${found}.`, {
      next: `Install the plugin or correct the path; kubectl cluster-info needs it too.${hint}`,
    });
  }
  if (exec.interactiveMode === "Always")
    throw new InvalidInputError(
      "KUBECONFIG_PLUGIN",
      `The kubeconfig ${file}, ${key}.interactiveMode is Always; a gate has no terminal.`,
      {
        next: "Set it to IfAvailable or Never, or use credentials that need no person.",
      },
    );
  const variables = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  return {
    where,
    apiVersion: exec.apiVersion ?? "",
    command,
    arguments: exec.args ?? [],
    environment: { ...environment, ...variables },
    clusterInfo: exec.provideClusterInfo ? getClusterInfo() : null,
  };
}

function findInPath(command: string, environment: NodeJS.ProcessEnv): string | null {
  return findExecutable(command, listPathFolders(environment["PATH"] ?? process.env["PATH"] ?? ""));
}

/** A proxy in the kubeconfig counts before the environment, as for kubectl, and may be one of SOCKS. */
function resolveProxy(
  named: string | null,
  server: URL,
  file: string,
  key: string,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (named === null) return findProxy(server, environment)?.href;
  const url = URL.canParse(named) ? new URL(named) : null;
  if (url !== null && url.hostname !== "" && ["http:", "https:", "socks5:"].includes(url.protocol)) return named;
  throw createUnreadableError(file, `${key} is no proxy's address; expected http://, https:// or socks5://host:port`);
}

/** The cluster as a plugin that asks for it gets it (client.authentication.k8s.io, Cluster). */
function describeCluster(entry: ClusterEntry, file: string): Record<string, unknown> {
  const authority = entry["certificate-authority"];
  const data =
    entry["certificate-authority-data"] || (authority && readFileSync(resolveBeside(file, authority), "base64"));
  const extension = entry.extensions?.find(({ name }) => name === "client.authentication.k8s.io/exec")?.extension;
  return {
    server: entry.server,
    ...(entry["tls-server-name"] && { "tls-server-name": entry["tls-server-name"] }),
    ...(entry["insecure-skip-tls-verify"] && { "insecure-skip-tls-verify": true }),
    ...(data && { "certificate-authority-data": data }),
    ...(entry["proxy-url"] && { "proxy-url": entry["proxy-url"] }),
    config: extension ?? null,
  };
}

function parseServer(server: string, skipVerify: boolean, file: string, key: string): { text: string; url: URL } {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url === null || !["https:", "http:"].includes(url.protocol))
    throw createUnreadableError(file, `${key} is no server's address; expected https://host:port`);
  if (url.protocol === "https:" || skipVerify) return { text: server, url };
  throw createUnreadableError(
    file,
    `${key} is ${url.origin}; expected https (http:// only beside insecure-skip-tls-verify: true, as for kubectl proxy)`,
  );
}

/** Resolves a file that the kubeconfig names; undefined where it names none. */
function readableFile(file: string, named: string | null | undefined, key: string): string | undefined {
  if (named === undefined || named === null || named === "") return undefined;
  const path = resolveBeside(file, named);
  try {
    if (readFileSync(path).length > 0) return path;
  } catch (cause) {
    throw createUnreadableError(file, `${key} names ${path}, which cannot be read: ${getErrorMessage(cause)}`, cause);
  }
  throw createUnreadableError(file, `${key} names ${path}, which is empty`);
}

function createMissingError(kind: "cluster" | "user", name: string, context: string, file: string): InvalidInputError {
  const what = name === "" ? `names no ${kind}` : `names ${kind} "${name}", which no kubeconfig holds`;
  return new InvalidInputError("KUBECONFIG_CONTEXT", `The kubeconfig ${file}: context "${context}" ${what}.`, {
    next: "Correct the context, or add the file that holds it to KUBECONFIG.",
  });
}
