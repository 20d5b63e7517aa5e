import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../errors.js";
import { rehearsalVariable } from "../rehearsal/types.js";
import { refuseClearSecrets } from "./clear-secrets.js";
import { type Settings } from "./settings-schema.js";
import { parseSettings } from "./settings.js";

/**
 * Reads the program's settings from the engine's configuration, and from the stack file for what only its text shows.
 * Warns of Helm values that look like secrets in clear text.
 */
export async function readSettings(projectDir: string): Promise<Settings> {
  const file = join(projectDir, `Pulumi.${pulumi.getStack()}.yaml`);
  const text = existsSync(file) ? readFileSync(file, "utf8") : null;
  const settings = parseSettings(pulumi.runtime.allConfig(), text);
  refuseForeignRehearsal(settings, process.env);
  const secretKeys = parseSecretKeys(process.env);
  const isSecret = (key: string): boolean => secretKeys.includes(`palette:${key}`);
  for (const warning of refuseClearSecrets({ settings, isSecret, stackFile: text })) await pulumi.log.warn(warning);
  return settings;
}

/** Keys that the engine keeps as secrets, as the language host passes them. */
function parseSecretKeys(environment: NodeJS.ProcessEnv): unknown[] {
  const keys: unknown = JSON.parse(environment.PULUMI_CONFIG_SECRET_KEYS || "[]");
  return Array.isArray(keys) ? keys : [];
}

/** Refuses a production stack on a simulated site, and a rehearsal stack on a real one. */
export function refuseForeignRehearsal(settings: Settings, environment: NodeJS.ProcessEnv): void {
  const isSimulated = (environment[rehearsalVariable] ?? "") !== "";
  if (!settings.rehearsal && settings.rehearsalPace !== 1) {
    throw new InvalidInputError(
      "REHEARSAL_MISMATCH",
      `palette:rehearsalPace is ${settings.rehearsalPace}, which shortens what gates wait for, but this stack is not a rehearsal.`,
      { next: "Remove palette:rehearsalPace." },
    );
  }
  if (isSimulated === settings.rehearsal) return;
  throw new InvalidInputError(
    "REHEARSAL_MISMATCH",
    isSimulated
      ? `${rehearsalVariable} is set, which puts gates on a simulated site's clock, but this stack is not a rehearsal.`
      : "palette:rehearsal is true, but no simulated site is running.",
    {
      next: isSimulated ? `Unset ${rehearsalVariable}.` : "Run palette-upgrade rehearse, or remove palette:rehearsal.",
    },
  );
}
