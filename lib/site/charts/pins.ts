import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";
import { roles, type Role } from "../../planning/rules/types.js";
import { compareVersions, isVersion, type Version } from "../../planning/version/version.js";
import { chartVersionForm, isChartVersion } from "./chart-version.js";
import type { ChartPin, ChartPins } from "./types.js";

const pin = z.strictObject({
  version: z.string().refine(isChartVersion, chartVersionForm),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const pinsFile = z.strictObject({
  $schema: z.string().optional(),
  schemaVersion: z.literal(1),
  charts: z.record(z.string().refine(isVersion, "a Palette version, e.g. 4.7.20"), z.partialRecord(z.enum(roles), pin)),
});

/**
 * Parses pins.
 * @throws InvalidInputError `CHART_PINS` that names each violation of data/schemas/chart-pins.schema.json.
 */
export function parsePins(text: string, file: string): ChartPins {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw createInvalidPinsError(`${file} is no JSON.`);
  }
  const parsed = pinsFile.safeParse(value);
  if (parsed.success) return new Map(Object.entries(parsed.data.charts));
  const faults = parsed.error.issues.map((issue) => `  - ${issue.path.join(".") || "(whole)"}: ${issue.message}`);
  throw createInvalidPinsError(`${file} is not valid:\n${faults.join("\n")}`);
}

/** Reads a file of pins, named relative to the program. @throws InvalidInputError `CHART_PINS`. */
export function readPins(file: string, projectDir: string): ChartPins {
  let text: string;
  try {
    text = readFileSync(resolve(projectDir, file), "utf8");
  } catch (error) {
    throw createInvalidPinsError(`palette:charts.pins names ${file}, which cannot be read: ${getErrorMessage(error)}.`);
  }
  return parsePins(text, file);
}

/** Formats the text of a file of pins: versions sorted, the roles of each in their defined order. */
export function formatPins(pins: ChartPins): string {
  const charts = [...pins.entries()]
    .sort(([a], [b]) => compareVersions(a, b))
    .map(([version, byRole]): [Version, Partial<Record<Role, ChartPin>>] => [
      version,
      Object.fromEntries(roles.flatMap((role) => (byRole[role] === undefined ? [] : [[role, byRole[role]]]))),
    ]);
  return `${JSON.stringify({ schemaVersion: 1, charts: Object.fromEntries(charts) }, null, 2)}\n`;
}

function createInvalidPinsError(message: string): InvalidInputError {
  return new InvalidInputError("CHART_PINS", message, {
    next: 'Write it with "palette-upgrade charts pin"; data/schemas/chart-pins.schema.json describes it.',
  });
}
