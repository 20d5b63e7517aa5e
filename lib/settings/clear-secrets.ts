import { isMap, isSeq, parseDocument } from "yaml";
import { InvalidInputError } from "../base/errors/errors.js";
import { listKeyPaths } from "../base/text/value-paths.js";
import { type Settings } from "./schema.js";

export interface ClearSecretsInput {
  settings: Pick<Settings, "tenants" | "mongoUri" | "chartsPassword" | "values">;
  /** Whether the engine keeps the key (`palette:` left out) as a secret, as a whole or in a part. */
  isSecret: (key: string) => boolean;
  /** Text of `Pulumi.<stack>.yaml` where it can be read: it shows which part of a key is a secret. */
  stackFile: string | null;
}

const secretWords = /pass(word|wd|phrase)?$|secret$|token$|api_?key$|private_?key$|credentials?$/i;

/**
 * Refuses secrets that the configuration holds in clear text.
 *
 * @returns warnings on Helm values whose key looks like a secret's; they may be harmless.
 * @throws InvalidInputError `SECRET_IN_CLEAR` naming each key, never its value, and the command that fixes it.
 */
export function refuseClearSecrets({ settings, isSecret, stackFile }: ClearSecretsInput): string[] {
  const texts = (["mongoUri", "chartsPassword"] as const).filter((key) => settings[key] !== "" && !isSecret(key));
  const written = findClearApiKeys(stackFile);
  const tenants = settings.tenants.flatMap((_, index) =>
    (isSecret("tenants") ? written.includes(index) : true) ? [`tenants[${index}].apiKey`] : [],
  );
  const clear = [...tenants, ...texts].map((path) => `palette:${path}`);
  if (clear.length > 0) throw createClearSecretError(clear);
  if (isSecret("values")) return [];
  return listKeyPaths(settings.values)
    .filter((path) => secretWords.test(path.split(".").at(-1)!))
    .map(
      (path) =>
        `palette:values.${path} looks like a secret and stands in clear in the stack's configuration: ${formatSecretCommand(`palette:values.${path}`)}`,
    );
}

/** Indexes of the tenants whose API key stands in the file in clear text. */
function findClearApiKeys(stackFile: string | null): number[] {
  if (stackFile === null) return [];
  const config = parseDocument(stackFile).get("config");
  if (!isMap(config)) return [];
  const tenants = config.get("palette:tenants") ?? config.get("tenants");
  if (!isSeq(tenants)) return [];
  return tenants.items.flatMap((tenant, index) =>
    isMap(tenant) && typeof tenant.get("apiKey") === "string" ? [index] : [],
  );
}

function createClearSecretError(keys: string[]): InvalidInputError {
  const verb = keys.length === 1 ? "stands" : "stand";
  return new InvalidInputError(
    "SECRET_IN_CLEAR",
    `${keys.join(", ")} ${verb} in clear in the stack's configuration; the engine would keep and show it so.`,
    {
      next: `Run ${keys.map(formatSecretCommand).join(" and ")}. What stood in clear in a repository's history is known: make a new one.`,
    },
  );
}

function formatSecretCommand(key: string): string {
  return `pulumi config set --secret${/[.[]/.test(key) ? " --path" : ""} '${key}'`;
}
