import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { InvalidInputError, messageOf } from "../errors.js";
import { roles, type Role } from "../plan/rules-types.js";
import { compareVersions, isVersion, type Version } from "../version/version.js";
import type { ChartPin, ChartPins } from "./types.js";

const pin = z.strictObject({ version: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const pinsFile = z.strictObject({
  $schema: z.string().optional(),
  schemaVersion: z.literal(1),
  charts: z.record(z.string().refine(isVersion, "a Palette version, e.g. 4.7.20"), z.partialRecord(z.enum(roles), pin)),
});

/** @throws InvalidInputError `CHART_PINS` naming what is not as data/schemas/chart-pins.schema.json says. */
export function parsePins(text: string, file: string): ChartPins {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(`${file} is no JSON.`);
  }
  const parsed = pinsFile.safeParse(value);
  if (parsed.success) return new Map(Object.entries(parsed.data.charts));
  const faults = parsed.error.issues.map((issue) => `  - ${issue.path.join(".") || "(whole)"}: ${issue.message}`);
  throw invalid(`${file} is not valid:\n${faults.join("\n")}`);
}

/** The pins of a file named relative to the program. @throws InvalidInputError `CHART_PINS`. */
export function readPins(file: string, projectDir: string): ChartPins {
  let text: string;
  try {
    text = readFileSync(resolve(projectDir, file), "utf8");
  } catch (error) {
    throw invalid(`palette:chartPins names ${file}, which cannot be read: ${messageOf(error)}.`);
  }
  return parsePins(text, file);
}

/** The file's text: versions sorted, the roles of each in their order. */
export function formatPins(pins: ChartPins): string {
  const charts = [...pins.entries()]
    .sort(([a], [b]) => compareVersions(a, b))
    .map(([version, byRole]): [Version, Partial<Record<Role, ChartPin>>] => [
      version,
      Object.fromEntries(roles.flatMap((role) => (byRole[role] === undefined ? [] : [[role, byRole[role]]]))),
    ]);
  return `${JSON.stringify({ schemaVersion: 1, charts: Object.fromEntries(charts) }, null, 2)}\n`;
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError("CHART_PINS", message, {
    next: 'Write it with "palette-upgrade charts pin"; data/schemas/chart-pins.schema.json describes it.',
  });
}
