import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { openChartSource, type ChartSourceOptions } from "../charts/open-chart-source.js";
import { formatPins, readPins } from "../charts/pins.js";
import type { ChartPin, ChartPins, ChartSource, FoundChart } from "../charts/types.js";
import { InvalidInputError } from "../errors.js";
import { roles, type Role } from "../plan/rules-types.js";
import { releasesOf } from "../plan/rules.js";
import { parseVersion, sortVersions, type Version } from "../version/version.js";
import type { CommandResult } from "./main.js";
import { renderTable } from "./table.js";
import { counted } from "../counted.js";

export interface ChartsOptions {
  stack?: string;
  charts?: string;
  user?: string;
  caFile?: string;
  /** Comma-separated. */
  versions: string;
  pins?: string;
  /** `role=version`, for a place that holds several. */
  chart: string[];
}

const passwordVariable = "PALETTE_CHARTS_PASSWORD";
const defaultPins = "chart-pins.json";

/** Writes the version and sha256 of each chart found into the file of pins, beside those that are there. */
export async function chartsPin(options: ChartsOptions, projectDir: string): Promise<CommandResult> {
  const place = placeOf(options, projectDir);
  const file = options.pins ?? place.pins ?? defaultPins;
  const source = openChartSource({ ...place, pins: null, projectDir, chosen: chosenOf(options.chart) });
  const found = await chartsOf(source, versionsOf(options.versions), () => true);
  const before: ChartPins = existsSync(resolve(projectDir, file)) ? readPins(file, projectDir) : new Map();
  const pins = new Map(before);
  for (const { version, role, chart } of found) {
    const pin: ChartPin = { version: chart.version, sha256: chart.sha256 };
    pins.set(version, { ...pins.get(version), [role]: pin });
  }
  const temporary = resolve(projectDir, `${file}.tmp`);
  writeFileSync(temporary, formatPins(pins));
  renameSync(temporary, resolve(projectDir, file));
  const text = `${tableOf(found)}\n\n${counted(found.length, "chart")} pinned in ${file}. Set palette:chartPins to it, and commit it.`;
  return { text, exitCode: 0 };
}

/** Proves every chart of the versions against the place and the pins. */
export async function chartsCheck(options: ChartsOptions, projectDir: string): Promise<CommandResult> {
  const place = placeOf(options, projectDir);
  const pins = options.pins ?? place.pins;
  const pinned = pins === null ? null : readPins(pins, projectDir);
  const source = openChartSource({ ...place, pins, projectDir, chosen: chosenOf(options.chart) });
  const isPinned = (version: Version, role: Role): boolean =>
    pinned === null || pinned.get(version)?.[role] !== undefined;
  const found = await chartsOf(source, versionsOf(options.versions), isPinned);
  const how = pins === null ? `found; none is pinned${unusedPins(projectDir)}` : `found as ${pins} pins them`;
  return { text: `${tableOf(found)}\n\n${counted(found.length, "chart")} ${how}.`, exitCode: 0 };
}

/** `charts pin` writes a file; only the setting makes it count. */
function unusedPins(projectDir: string): string {
  if (!existsSync(resolve(projectDir, defaultPins))) return "";
  return `: ${defaultPins} is there, but neither palette:chartPins nor --pins names it`;
}

interface Found {
  version: Version;
  role: Role;
  chart: FoundChart;
}

/** A release that not every site has may be missing; every other fault is told, all at once. */
async function chartsOf(
  source: ChartSource,
  versions: Version[],
  optional: (version: Version, role: Role) => boolean,
): Promise<Found[]> {
  const found: Found[] = [];
  const faults: InvalidInputError[] = [];
  for (const version of versions) {
    for (const row of releasesOf(version, {})) {
      const { role } = row;
      if (row.applies === "unknown" && !optional(version, role)) continue;
      try {
        found.push({ version, role, chart: await source.find(version, row) });
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        if (row.applies === "yes" || error.code !== "CHART_MISSING") faults.push(error);
      }
    }
  }
  if (faults.length === 0) return found;
  if (faults.length === 1) throw faults[0]!;
  const lines = faults.map(({ code, message }) => `  - ${code}: ${message}`);
  throw new InvalidInputError(
    "CHARTS_MISSING",
    `${faults.length} charts are not as they should be:\n${lines.join("\n")}`,
    {
      next: [...new Set(faults.map(({ next }) => next ?? ""))].join(" "),
    },
  );
}

type Place = Omit<ChartSourceOptions, "projectDir">;

/** From the stack's file (what is no secret in it), options of the command line first. */
function placeOf(options: ChartsOptions, projectDir: string): Place {
  const config = options.stack === undefined ? {} : stackConfig(options.stack, projectDir);
  const told = (key: string): string | null => {
    const value = config[`palette:${key}`];
    return typeof value === "string" && value !== "" ? value : null;
  };
  return {
    location: options.charts ?? told("charts") ?? "charts/release-{version}",
    user: options.user ?? told("chartsUser") ?? "",
    password: process.env[passwordVariable] ?? "",
    caFile: options.caFile ?? told("chartsCaFile"),
    pins: told("chartPins"),
  };
}

function stackConfig(stack: string, projectDir: string): Record<string, unknown> {
  const name = `Pulumi.${stack.split("/").at(-1)!}.yaml`;
  const file = resolve(projectDir, name);
  if (!existsSync(file)) {
    throw new InvalidInputError("STACK_FILE_MISSING", `--stack: there is no ${name} here.`, {
      next: "Run this in the program's folder, or name the place with --charts.",
    });
  }
  const content = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> } | null;
  return content?.config ?? {};
}

function versionsOf(text: string): Version[] {
  const parts = text.split(",").map((part) => part.trim());
  return sortVersions([...new Set(parts.map((part) => parseVersion(part, "--versions")))]);
}

function chosenOf(entries: string[]): Partial<Record<Role, string>> {
  return Object.fromEntries(
    entries.map((entry) => {
      const [role = "", version = ""] = entry.split("=");
      if ((roles as readonly string[]).includes(role) && version !== "") return [role, version];
      throw new InvalidInputError("USAGE", `--chart: found "${entry}", expected <role>=<version>.`, {
        next: `Roles are ${roles.join(", ")}.`,
      });
    }),
  );
}

function tableOf(found: Found[]): string {
  const rows = found.map(({ version, role, chart }) => [version, role, chart.version, chart.sha256, chart.path]);
  return renderTable(["PALETTE", "RELEASE", "CHART", "SHA256", "PATH"], rows);
}
