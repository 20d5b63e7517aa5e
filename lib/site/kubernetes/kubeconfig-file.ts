import { readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import * as z from "zod";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";
import { parseYaml } from "../../base/text/parse-yaml.js";

const text = z.string().nullish();
const cluster = z.looseObject({
  server: text,
  "certificate-authority": text,
  "certificate-authority-data": text,
  "insecure-skip-tls-verify": z.boolean().nullish(),
  "tls-server-name": text,
  "proxy-url": text,
  extensions: z.array(z.object({ name: z.string(), extension: z.unknown() })).nullish(),
});
const exec = z.looseObject({
  apiVersion: text,
  command: text,
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: text,
  provideClusterInfo: z.boolean().nullish(),
  interactiveMode: text,
});
const user = z.looseObject({
  "client-certificate": text,
  "client-certificate-data": text,
  "client-key": text,
  "client-key-data": text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  "as-uid": text,
  "as-groups": z.array(z.string()).nullish(),
  "as-user-extra": z.looseObject({}).nullish(),
  "auth-provider": z.looseObject({ name: text }).nullish(),
  exec: exec.nullish(),
});
const context = z.looseObject({ cluster: text, user: text });
const kubeconfigFile = z.looseObject({
  clusters: z.array(z.looseObject({ name: z.string(), cluster: cluster.nullish() })).nullish(),
  contexts: z.array(z.looseObject({ name: z.string(), context: context.nullish() })).nullish(),
  users: z.array(z.looseObject({ name: z.string(), user: user.nullish() })).nullish(),
  "current-context": text,
});

export type ClusterEntry = z.infer<typeof cluster>;
export type UserEntry = z.infer<typeof user>;
type ContextEntry = z.infer<typeof context>;

/** An entry and the file it is from, whose folder its relative paths begin at. */
export interface Sourced<T> {
  entry: T;
  file: string;
}

/** Several kubeconfig files as one: of entries of one name the first counts, as for kubectl. */
export interface MergedKubeconfig {
  clusters: ReadonlyMap<string, Sourced<ClusterEntry>>;
  contexts: ReadonlyMap<string, Sourced<ContextEntry>>;
  users: ReadonlyMap<string, Sourced<UserEntry>>;
  currentContext: string | null;
}

/** What an unusable kubeconfig's error advises. */
export const kubeconfigAdvice =
  "Set palette:kubernetes.kubeconfig (or KUBECONFIG) to a readable kubeconfig file of the cluster that Palette runs on.";

/** Creates the error for a kubeconfig that cannot be used; `what` never holds a value of the file. */
export function createUnreadableError(file: string, what: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError("KUBECONFIG_UNREADABLE", `The kubeconfig ${file} cannot be used: ${what}.`, {
    next: kubeconfigAdvice,
    cause,
  });
}

/**
 * Reads and merges kubeconfig files; an empty one counts as absent.
 * @param skipMissing whether a file that does not exist is left out, as kubectl does for a list in KUBECONFIG.
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE` naming the file, and the key where one is at fault.
 */
export function mergeKubeconfigs(files: readonly string[], skipMissing: boolean): MergedKubeconfig {
  const merged = {
    clusters: new Map<string, Sourced<ClusterEntry>>(),
    contexts: new Map<string, Sourced<ContextEntry>>(),
    users: new Map<string, Sourced<UserEntry>>(),
  };
  let currentContext: string | null = null;
  for (const file of files) {
    const content = readKubeconfig(file, skipMissing);
    if (content === null) continue;
    currentContext ??= content["current-context"] || null;
    for (const { name, cluster } of content.clusters ?? []) addFirst(merged.clusters, name, cluster, file);
    for (const { name, context } of content.contexts ?? []) addFirst(merged.contexts, name, context, file);
    for (const { name, user } of content.users ?? []) addFirst(merged.users, name, user, file);
  }
  return { ...merged, currentContext };
}

/** Resolves a path in a kubeconfig: a relative one begins at the file's folder. */
export function resolveBeside(file: string, path: string): string {
  return isAbsolute(path) ? path : resolve(dirname(file), path);
}

/** An entry without content, as `user: null`, has none of its own. */
function addFirst<T extends object>(
  entries: Map<string, Sourced<T | Record<string, never>>>,
  name: string,
  entry: T | null | undefined,
  file: string,
): void {
  if (!entries.has(name)) entries.set(name, { entry: entry ?? {}, file });
}

function readKubeconfig(file: string, skipMissing: boolean): z.infer<typeof kubeconfigFile> | null {
  const content = parseYamlFile(file, skipMissing);
  if (content === null || content === undefined) return null;
  const parsed = kubeconfigFile.safeParse(content);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]!.path.join(".");
  throw createUnreadableError(
    file,
    path === "" ? "it holds no clusters and contexts" : `${path} is not as kubectl writes it`,
  );
}

function parseYamlFile(file: string, skipMissing: boolean): unknown {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (cause) {
    if (skipMissing && (cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw createUnreadableError(file, getErrorMessage(cause), cause);
  }
  try {
    return parseYaml(content, "it");
  } catch (error) {
    throw createUnreadableError(file, getErrorMessage(error));
  }
}
