import { readFileSync } from "node:fs";
import { InvalidInputError, messageOf } from "../errors.js";
import { parseGateSettings } from "../gates/process.js";
import { defaultGateSettings, type GateSettings } from "../stack/gate-settings.js";

/**
 * The gate settings of a JSON file over the documented defaults, so that it names only what differs; none: the defaults.
 *
 * @throws InvalidInputError `FILE_UNREADABLE`, `GATE_REQUEST` naming each key at fault.
 */
export function gateSettingsFile(file: string | undefined): GateSettings {
  if (file === undefined) return defaultGateSettings;
  const given = recordOf(readJson(file), file);
  const merged: Record<string, unknown> = { ...defaultGateSettings, ...given };
  for (const key of ["mongo", "pcg", "rollout", "gates", "backup", "promotion", "charts"] as const) {
    const part = given[key];
    if (isRecord(part)) merged[key] = { ...defaultGateSettings[key], ...part };
  }
  return parseGateSettings(JSON.stringify(merged), `--settings ${file}`);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch (error) {
    throw new InvalidInputError("FILE_UNREADABLE", `--settings: ${file} cannot be read: ${messageOf(error)}.`, {
      next: "Name a JSON file of gate settings.",
      cause: error,
    });
  }
}

function recordOf(value: unknown, file: string): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new InvalidInputError("FILE_UNREADABLE", `--settings: ${file} holds no JSON object.`, {
    next: "Name a JSON file of gate settings.",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
