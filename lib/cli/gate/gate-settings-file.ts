import { readFileSync } from "node:fs";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";
import { parseGateSettings } from "../../gates/run/codec.js";
import { defaultGateSettings, type GateSettings } from "../../settings/gate-settings.js";

/**
 * Reads gate settings from a JSON file, written as in a stack's configuration, that names only what differs from the
 * documented defaults. No file: the defaults.
 *
 * @throws InvalidInputError `FILE_UNREADABLE`, `GATE_REQUEST` naming each key at fault.
 */
export function readGateSettings(file: string | undefined): GateSettings {
  return file === undefined ? defaultGateSettings : parseGateSettings(readText(file), `--settings ${file}`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new InvalidInputError("FILE_UNREADABLE", `--settings: ${file} cannot be read: ${getErrorMessage(error)}.`, {
      next: "Name a JSON file of gate settings.",
      cause: error,
    });
  }
}
