import { existsSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ChartVersion, parseChartVersion, requireChartVersion } from "../site/charts/chart-version.js";
import { type ChartSourceOptions, openChartSource } from "../site/charts/open-chart-source.js";
import { formatPins, readPins } from "../site/charts/pins.js";
import { type ChartPin, type ChartPins, type ChartSource, type FoundChart } from "../site/charts/types.js";
import { formatCount } from "../base/errors/counted.js";
import { parseYamlMap } from "../base/text/parse-yaml.js";
import { getErrorMessage, InvalidInputError } from "../base/errors/errors.js";
import { type Role, roles } from "../planning/rules/types.js";
import { listExpectedReleases } from "../planning/rules/rules.js";
import { parseVersion, sortVersions, type Version } from "../planning/version/version.js";
import { parseSettingsGroup, refuseUnknownKeys } from "../settings/settings.js";
import { getStackFileName, readStackFile } from "../settings/stack-file.js";
import { type CommandResult } from "./result.js";
import { renderTable } from "./table.js";

export interface ChartsOptions {
  stack?: string;
  charts?: string;
  user?: string;
  caFile?: string;
  /** Comma-separated. */
  versions: string;
  pins?: string;
  /** `role=version` each, for a location that holds several versions of a chart. */
  chart: string[];
}

const passwordVariable = "PALETTE_CHARTS_PASSWORD";
const defaultPins = "chart-pins.json";

/** Writes version and sha256 of each chart found into the pin file, and keeps the other pins in it. */
export async function pinCharts(options: ChartsOptions, projectDir: string): Promise<CommandResult> {
  const location = resolveChartLocation(options, projectDir);
  const file = options.pins ?? location.pins ?? defaultPins;
  const source = openChartSource({ ...location, pins: null, projectDir, chosen: parseChartVersions(options.chart) });
  const found = await findCharts(source, parseVersions(options.versions), () => true);
  const before: ChartPins = existsSync(resolve(projectDir, file)) ? readPins(file, projectDir) : new Map();
  const pins = new Map(before);
  for (const { version, role, chart } of found) {
    const pin: ChartPin = { version: requireChartVersion(chart.version), sha256: chart.sha256 };
    pins.set(version, { ...pins.get(version), [role]: pin });
  }
  const temporary = resolve(projectDir, `${file}.tmp`);
  writeFileSync(temporary, formatPins(pins));
  renameSync(temporary, resolve(projectDir, file));
  const text = `${renderChartTable(found)}\n\n${formatCount(found.length, "chart")} pinned in ${file}. Set palette:charts.pins to it, and commit it.`;
  return { text, exitCode: 0 };
}

/** Checks every chart of the versions against its location and the pins. */
export async function checkCharts(options: ChartsOptions, projectDir: string): Promise<CommandResult> {
  const location = resolveChartLocation(options, projectDir);
  const pins = options.pins ?? location.pins;
  const pinned = pins === null ? null : readPins(pins, projectDir);
  const source = openChartSource({ ...location, pins, projectDir, chosen: parseChartVersions(options.chart) });
  const isPinned = (version: Version, role: Role): boolean =>
    pinned === null || pinned.get(version)?.[role] !== undefined;
  const found = await findCharts(source, parseVersions(options.versions), isPinned);
  const how = pins === null ? `found; none is pinned${describeUnusedPins(projectDir)}` : `found as ${pins} pins them`;
  return { text: `${renderChartTable(found)}\n\n${formatCount(found.length, "chart")} ${how}.`, exitCode: 0 };
}

/** Points out a pin file that `charts pin` wrote, but no setting or option names. */
function describeUnusedPins(projectDir: string): string {
  if (!existsSync(resolve(projectDir, defaultPins))) return "";
  return `: ${defaultPins} is there, but neither palette:charts.pins nor --pins names it`;
}

interface LocatedChart {
  version: Version;
  role: Role;
  chart: FoundChart;
}

/** Finds the charts. A release that not every site has may be missing; all other errors are reported together. */
async function findCharts(
  source: ChartSource,
  versions: Version[],
  shouldInclude: (version: Version, role: Role) => boolean,
): Promise<LocatedChart[]> {
  const found: LocatedChart[] = [];
  const faults: InvalidInputError[] = [];
  for (const version of versions) {
    for (const row of listExpectedReleases(version, {})) {
      const { role } = row;
      if (row.applies === "unknown" && !shouldInclude(version, role)) continue;
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

type ChartLocation = Omit<ChartSourceOptions, "projectDir">;

/** Resolves where the charts are: command-line options first, then the stack's file (without secrets). */
function resolveChartLocation(options: ChartsOptions, projectDir: string): ChartLocation {
  const config = options.stack === undefined ? {} : readStackConfig(options.stack, projectDir);
  refuseUnknownKeys(config);
  const charts = parseSettingsGroup("charts", config["palette:charts"]);
  return {
    location: options.charts ?? charts.location,
    user: options.user ?? charts.user,
    password: process.env[passwordVariable] ?? "",
    caFile: options.caFile ?? charts.caFile,
    pins: charts.pins,
  };
}

function readStackConfig(stack: string, projectDir: string): Record<string, unknown> {
  const file = readStackFile(projectDir, stack);
  if (file === null) {
    throw new InvalidInputError("STACK_FILE_MISSING", `--stack: there is no ${getStackFileName(stack)} here.`, {
      next: "Run this in the program's folder, or name the place with --charts.",
    });
  }
  try {
    const { config } = parseYamlMap(file.text, file.path);
    if (config === null || config === undefined) return {};
    if (typeof config === "object" && !Array.isArray(config)) return config as Record<string, unknown>;
    throw new Error(`config in ${file.path} is no map`);
  } catch (error) {
    throw new InvalidInputError("STACK_FILE_INVALID", `--stack: ${getErrorMessage(error)}.`, {
      next: "Correct the file, or name the place with --charts.",
    });
  }
}

function parseVersions(text: string): Version[] {
  const parts = text.split(",").map((part) => part.trim());
  return sortVersions([...new Set(parts.map((part) => parseVersion(part, "--versions")))]);
}

function parseChartVersions(entries: string[]): Partial<Record<Role, ChartVersion>> {
  return Object.fromEntries(
    entries.map((entry) => {
      const [role = "", text = ""] = entry.split("=");
      const version = parseChartVersion(text);
      if ((roles as readonly string[]).includes(role) && version !== null) return [role, version];
      throw new InvalidInputError("USAGE", `--chart: found "${entry}", expected <role>=<version>.`, {
        next: `Roles are ${roles.join(", ")}.`,
      });
    }),
  );
}

function renderChartTable(found: LocatedChart[]): string {
  const rows = found.map(({ version, role, chart }) => [version, role, chart.version, chart.sha256, chart.path]);
  return renderTable(["PALETTE", "RELEASE", "CHART", "SHA256", "PATH"], rows);
}
