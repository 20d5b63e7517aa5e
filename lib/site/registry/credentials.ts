import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { InvalidInputError } from "../../base/errors/errors.js";
import { runCredentialHelper } from "./credential-helper.js";
import { trimEndCharacter } from "../../base/text/trim-character.js";

/** User and password, or an identity token, for one registry. All but `source` is secret. */
export interface RegistryCredentials {
  user: string;
  password: string;
  /** A refresh token, exchanged at the registry's token endpoint; null where there are user and password. */
  identityToken: string | null;
  /** The file that names it; null: the settings. */
  source: string | null;
}

const entry = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});
const credentialFile = z.object({
  auths: z.record(z.string(), entry).optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});

/**
 * Finds the credentials for a registry where Helm and Docker keep them: Helm's `registry/config.json`, then Docker's
 * `config.json`; in each, the helper of the host, the general helper, and the file's own entry. Null for none.
 * @throws InvalidInputError `REGISTRY_CREDENTIALS` that names file and key, and no content.
 */
export async function findRegistryCredentials(
  host: string,
  environment: NodeJS.ProcessEnv,
): Promise<RegistryCredentials | null> {
  for (const file of listCredentialFiles(environment)) {
    const found = await findInFile(file, host, environment);
    if (found !== null) return { ...found, source: file };
  }
  return null;
}

function listCredentialFiles(environment: NodeJS.ProcessEnv): string[] {
  const home = environment["HOME"] || homedir();
  const configHome =
    environment["HELM_CONFIG_HOME"] ||
    (environment["XDG_CONFIG_HOME"] && join(environment["XDG_CONFIG_HOME"], "helm")) ||
    join(home, process.platform === "darwin" ? "Library/Preferences/helm" : ".config/helm");
  return [
    environment["HELM_REGISTRY_CONFIG"] || join(configHome, "registry", "config.json"),
    join(environment["DOCKER_CONFIG"] || join(home, ".docker"), "config.json"),
  ];
}

type Found = Omit<RegistryCredentials, "source">;

async function findInFile(file: string, host: string, environment: NodeJS.ProcessEnv): Promise<Found | null> {
  const content = readCredentialFile(file);
  if (content === null) return null;
  const { auths = {}, credHelpers = {}, credsStore } = content;
  const ownHelper = findByHost(credHelpers, host);
  const helper = ownHelper ?? (credsStore === undefined || credsStore === "" ? null : ["credsStore", credsStore]);
  if (helper !== null) {
    const [key, name] = helper;
    const keyPath = ownHelper === null ? "credsStore" : `credHelpers."${key}"`;
    const server = findByHost(auths, host)?.[0] ?? (ownHelper === null ? getServerName(host) : key);
    const kept = await runCredentialHelper({ name, server, where: `${file}, ${keyPath}`, environment });
    if (kept !== null) return toCredentials(kept.user, kept.secret, kept.user === "<token>" ? kept.secret : null);
  }
  const found = findByHost(auths, host);
  return found === null ? null : parseEntry(found[1], `${file}, auths."${found[0]}"`);
}

function readCredentialFile(file: string): z.infer<typeof credentialFile> | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    // A file that is absent, or of another user, is no fault: kubectl, helm and docker go on without it.
    if (["ENOENT", "ENOTDIR", "EACCES"].includes((cause as NodeJS.ErrnoException).code ?? "")) return null;
    throw createCredentialsError(file, "cannot be read");
  }
  let value: unknown;
  try {
    value = JSON.parse(text.trim() === "" ? "{}" : text);
  } catch {
    throw createCredentialsError(file, "is no JSON");
  }
  const parsed = credentialFile.safeParse(value);
  if (parsed.success) return parsed.data;
  throw createCredentialsError(
    file,
    `is not as Docker writes it at ${parsed.error.issues[0]!.path.join(".") || "its root"}`,
  );
}

/** Finds the entry of a host; a key may be a whole address, as Docker writes it for its own hub. */
function findByHost<T>(entries: Record<string, T>, host: string): [string, T] | null {
  const isOfHost = (key: string): boolean => {
    const [, name = "", path = ""] = /^(?:https?:\/\/)?([^/]+)(\/.*)?$/i.exec(key) ?? [];
    return /^(\/|\/v[12]\/?)?$/.test(path) && toHost(name) === toHost(host);
  };
  return Object.entries(entries).find(([key]) => isOfHost(key)) ?? null;
}

function toHost(name: string): string {
  const host = name.toLowerCase();
  return host === "index.docker.io" || host === "registry-1.docker.io" ? "docker.io" : host;
}

function getServerName(host: string): string {
  return toHost(host) === "docker.io" ? "https://index.docker.io/v1/" : host;
}

function parseEntry(
  { auth = "", username = "", password = "", identitytoken = "" }: z.infer<typeof entry>,
  where: string,
): Found | null {
  if (auth === "" && username === "" && identitytoken === "") return null;
  const [, user = username, secret = password] =
    /^([^:]*):([\s\S]*)$/.exec(Buffer.from(auth, "base64").toString("utf8")) ?? [];
  if (user === "" && identitytoken === "") throw createCredentialsError(where, "holds no user and password in base64");
  return toCredentials(user, trimEndCharacter(secret, "\0"), identitytoken === "" ? null : identitytoken);
}

function toCredentials(user: string, password: string, identityToken: string | null): Found {
  return { user, password, identityToken };
}

function createCredentialsError(where: string, problem: string): InvalidInputError {
  return new InvalidInputError(
    "REGISTRY_CREDENTIALS",
    `The registry credentials in ${where} cannot be used: it ${problem}.`,
    {
      next: 'Log in anew ("helm registry login", "docker login"), or name the user in the settings.',
    },
  );
}
