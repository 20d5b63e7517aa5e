import * as pulumi from "@pulumi/pulumi";
import { refuseForeignRehearsal } from "../rehearsal/refuse-mismatch.js";
import { refuseClearSecrets } from "../../settings/clear-secrets.js";
import { type Settings } from "../../settings/schema.js";
import { parseSettings } from "../../settings/settings.js";
import { readStackFile } from "../../settings/stack-file.js";
import { logWarning } from "./log.js";

/**
 * Reads the program's settings from the engine's configuration, and from the stack file for what only its text shows.
 * Warns of Helm values that look like secrets in clear text.
 */
export async function readSettings(projectDir: string): Promise<Settings> {
  const stackFile = readStackFile(projectDir, pulumi.getStack());
  const settings = parseSettings(pulumi.runtime.allConfig(), stackFile);
  refuseForeignRehearsal(settings, process.env);
  const secretKeys = parseSecretKeys(process.env);
  const isSecret = (key: string): boolean => secretKeys.includes(`palette:${key}`);
  for (const warning of refuseClearSecrets({ settings, isSecret, stackFile })) await logWarning(warning);
  return settings;
}

/** Keys that the engine keeps as secrets, as the language host passes them. */
function parseSecretKeys(environment: NodeJS.ProcessEnv): unknown[] {
  const keys: unknown = JSON.parse(environment.PULUMI_CONFIG_SECRET_KEYS || "[]");
  return Array.isArray(keys) ? keys : [];
}
