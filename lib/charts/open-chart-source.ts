import { statSync } from "node:fs";
import { basename } from "node:path";
import { InvalidInputError, messageOf } from "../errors.js";
import type { ReleaseRow, Role } from "../plan/rules-types.js";
import type { Version } from "../version/version.js";
import { chartCache } from "./chart-cache.js";
import { contentsOf, type ChartContents } from "./chart-contents.js";
import { readChartFiles } from "./chart-files.js";
import { parseChartLocation } from "./location.js";
import { openRegistry, type RegistryAccess } from "./oci-client.js";
import { registryLocator } from "./oci-charts.js";
import { readPins } from "./pins.js";
import { placesLocator } from "./places.js";
import { proveChart } from "./prove-chart.js";
import type { ChartLocator, ChartPin, ChartPins, ChartSource, FoundChart } from "./types.js";

export interface ChartSourceOptions extends RegistryAccess {
  /** `palette:charts`. */
  location: string;
  /** File of pins, relative to the program; null: charts are not pinned. */
  pins: string | null;
  projectDir: string;
  /** Which of several versions a chart is taken in, where a person has said so. */
  chosen?: Partial<Record<Role, string>>;
}

/**
 * The charts that `palette:charts` leads to. What is found once is not looked for again. Nothing is asked of the network
 * before the first chart is.
 *
 * @throws InvalidInputError `CHARTS_LOCATION`, `CHART_PINS`, `CA_UNREADABLE`.
 */
export function openChartSource(options: ChartSourceOptions): ChartSource {
  const locator = locatorOf(options);
  const pins = options.pins === null ? null : readPins(options.pins, options.projectDir);
  const found = new Map<string, Promise<{ chart: FoundChart; contents: ChartContents }>>();
  const byPath = new Map<string, ChartContents>();
  const look = async (version: Version, row: ReleaseRow): Promise<{ chart: FoundChart; contents: ChartContents }> => {
    const answer = await findProved(locator, version, row, {
      pin: pinOf(pins, options.pins, version, row),
      chosen: options.chosen?.[row.role] ?? null,
    });
    byPath.set(answer.chart.path, answer.contents);
    return answer;
  };
  const contents = (chart: FoundChart): Promise<ChartContents> => {
    const known = byPath.get(chart.path);
    return known === undefined
      ? Promise.reject(new Error(`${chart.path} was not found by this source`))
      : Promise.resolve(known);
  };
  return {
    find: async (version, row) => {
      const key = `${version} ${row.id}`;
      const answer = found.get(key) ?? look(version, row);
      found.set(key, answer);
      return (await answer).chart;
    },
    defaults: async (chart) => (await contents(chart)).defaults,
    contents,
  };
}

function locatorOf(options: ChartSourceOptions): ChartLocator {
  const location = parseChartLocation(options.location);
  const cache = chartCache(options.projectDir);
  if (location.kind === "places") return placesLocator(location.template, options.projectDir, cache);
  return registryLocator(location.template, openRegistry(location.host, options), cache);
}

/** A file of pins that lacks a chart lets nothing unpinned through. */
function pinOf(pins: ChartPins | null, file: string | null, version: Version, row: ReleaseRow): ChartPin | null {
  if (pins === null) return null;
  const pin = pins.get(version)?.[row.role];
  if (pin !== undefined) return pin;
  throw new InvalidInputError("CHART_NOT_PINNED", `Palette ${version}: ${file} pins no chart for ${row.role}.`, {
    next: `Add it: palette-upgrade charts pin --versions ${version} …, and have the change reviewed.`,
  });
}

async function findProved(
  locator: ChartLocator,
  version: Version,
  row: ReleaseRow,
  { pin, chosen }: { pin: ChartPin | null; chosen: string | null },
): Promise<{ chart: FoundChart; contents: ChartContents }> {
  // A choice is a pin without a checksum: no cached chart fits it, so it is looked for.
  const wanted = pin ?? (chosen === null ? null : { version: chosen, sha256: "" });
  const { path, file, archiveValues } = await locator.locate(version, row, wanted);
  const { files, sha256 } = await readChartFiles(file, path);
  const contents = await contentsOf(files).catch((error: unknown) => {
    throw new InvalidInputError("CHART_UNREADABLE", `The chart ${path} cannot be read: ${messageOf(error)}.`, {
      next: "Fetch it anew from the vendor; it is no whole Helm chart.",
      cause: error,
    });
  });
  const namedVersion = statSync(file).isDirectory() ? null : basename(file).slice(row.chart.length + 1, -".tgz".length);
  proveChart(version, row, pin, { identity: contents, sha256, path, namedVersion });
  return { chart: { path, version: contents.version, sha256, archiveValues }, contents };
}
