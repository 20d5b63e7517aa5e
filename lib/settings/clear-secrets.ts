import { isMap, parseDocument } from "yaml";
import { InvalidInputError } from "../base/errors/errors.js";
import { listKeyPaths } from "../base/text/value-paths.js";
import { type Settings } from "./schema.js";
import { formatPath, formatSecretCommand } from "./settings-faults.js";
import { type StackFile } from "./stack-file.js";

export interface ClearSecretsInput {
  settings: Pick<Settings, "secrets" | "values">;
  /** Whether the engine keeps the key (`palette:` left out) as a secret, as a whole or in a part. */
  isSecret: (key: string) => boolean;
  /** It shows which part of a key is a secret. */
  stackFile: StackFile | null;
}

const secretWords = /pass(word|wd|phrase)?$|secret$|token$|api_?key$|private_?key$|credentials?$/i;

/**
 * Refuses secrets that the configuration holds in clear text.
 *
 * @returns warnings on Helm values whose key looks like a secret's; they may be harmless.
 * @throws InvalidInputError `SECRET_IN_CLEAR` naming each key, never its value, and the command that fixes it.
 */
export function refuseClearSecrets({ settings, isSecret, stackFile }: ClearSecretsInput): string[] {
  const clear = listSecretPaths(settings).filter((path) => !isSecret("secrets") || isClearInFile(path, stackFile));
  if (clear.length > 0) throw createClearSecretError(clear);
  if (isSecret("values")) return [];
  return listKeyPaths(settings.values)
    .filter((path) => secretWords.test(path.split(".").at(-1)!))
    .map(
      (path) =>
        `palette:values.${path} looks like a secret and stands in clear in the stack's configuration: ${formatSecretCommand(["values", ...path.split(".")])}`,
    );
}

/** Lists the path of every secret that is set. */
function listSecretPaths({ secrets }: Pick<Settings, "secrets">): string[][] {
  const { apiKeys, ...texts } = secrets;
  const tenants = Object.entries(apiKeys).map(([name, value]) => ({ path: ["secrets", "apiKeys", name], value }));
  const others = Object.entries(texts).map(([name, value]) => ({ path: ["secrets", name], value }));
  return [...tenants, ...others].filter(({ value }) => value !== "").map(({ path }) => path);
}

/** Whether a part of a secret key stands in the file in clear text beside parts that do not. */
function isClearInFile([key = "", ...below]: string[], stackFile: StackFile | null): boolean {
  if (stackFile === null) return false;
  const config = parseDocument(stackFile.text).get("config");
  if (!isMap(config)) return false;
  const value = config.get(`palette:${key}`, true) ?? config.get(key, true);
  return isMap(value) && typeof value.getIn(below) === "string";
}

function createClearSecretError(paths: string[][]): InvalidInputError {
  const verb = paths.length === 1 ? "stands" : "stand";
  return new InvalidInputError(
    "SECRET_IN_CLEAR",
    `${paths.map(formatPath).join(", ")} ${verb} in clear in the stack's configuration; the engine would keep and show it so.`,
    {
      next: `Run ${paths.map(formatSecretCommand).join(" and ")}. What stood in clear in a repository's history is known: make a new one.`,
    },
  );
}
