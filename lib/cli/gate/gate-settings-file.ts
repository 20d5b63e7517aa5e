import { readFileSync } from "node:fs";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";
import { parseGateSettings } from "../../gates/run/codec.js";
import { defaultGateSettings, type GateSettings } from "../../settings/gate-settings.js";

/**
 * Reads gate settings from a JSON file that names only what differs from the documented defaults. No file: the
 * defaults.
 *
 * @throws InvalidInputError `FILE_UNREADABLE`, `GATE_REQUEST` naming each key at fault.
 */
export function readGateSettings(file: string | undefined): GateSettings {
  if (file === undefined) return defaultGateSettings;
  const given = toRecord(readJson(file), file);
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
    throw new InvalidInputError("FILE_UNREADABLE", `--settings: ${file} cannot be read: ${getErrorMessage(error)}.`, {
      next: "Name a JSON file of gate settings.",
      cause: error,
    });
  }
}

function toRecord(value: unknown, file: string): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new InvalidInputError("FILE_UNREADABLE", `--settings: ${file} holds no JSON object.`, {
    next: "Name a JSON file of gate settings.",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
