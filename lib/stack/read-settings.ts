import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../errors.js";
import { rehearsalVariable } from "../rehearsal/types.js";
import { refuseClearSecrets } from "./clear-secrets.js";
import { type Settings } from "./settings-schema.js";
import { parseSettings } from "./settings.js";

/**
 * The program's settings: the engine's configuration, and the stack's own file for what only its text shows. Warns of Helm
 * values that look like secrets in clear.
 */
export async function readSettings(projectDir: string): Promise<Settings> {
  const file = join(projectDir, `Pulumi.${pulumi.getStack()}.yaml`);
  const text = existsSync(file) ? readFileSync(file, "utf8") : null;
  const settings = parseSettings(pulumi.runtime.allConfig(), text);
  refuseForeignRehearsal(settings, process.env);
  const secretKeys = secretKeysIn(process.env);
  const isSecret = (key: string): boolean => secretKeys.includes(`palette:${key}`);
  for (const warning of refuseClearSecrets({ settings, isSecret, stackFile: text })) await pulumi.log.warn(warning);
  return settings;
}

/** Keys that the engine holds as secrets: the language host's contract. */
function secretKeysIn(environment: NodeJS.ProcessEnv): unknown[] {
  const keys: unknown = JSON.parse(environment.PULUMI_CONFIG_SECRET_KEYS || "[]");
  return Array.isArray(keys) ? keys : [];
}

/** Production refuses the simulated site, and a rehearsal anything but it. */
export function refuseForeignRehearsal(settings: Settings, environment: NodeJS.ProcessEnv): void {
  const simulated = (environment[rehearsalVariable] ?? "") !== "";
  if (!settings.rehearsal && settings.rehearsalPace !== 1) {
    throw new InvalidInputError(
      "REHEARSAL_MISMATCH",
      `palette:rehearsalPace is ${settings.rehearsalPace}, which shortens what gates wait for, but this stack is not a rehearsal.`,
      { next: "Remove palette:rehearsalPace." },
    );
  }
  if (simulated === settings.rehearsal) return;
  throw new InvalidInputError(
    "REHEARSAL_MISMATCH",
    simulated
      ? `${rehearsalVariable} is set, which puts gates on a simulated site's clock, but this stack is not a rehearsal.`
      : "palette:rehearsal is true, but no simulated site is running.",
    { next: simulated ? `Unset ${rehearsalVariable}.` : "Run palette-upgrade rehearse, or remove palette:rehearsal." },
  );
}
