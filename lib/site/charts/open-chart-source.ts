import { statSync } from "node:fs";
import { basename } from "node:path";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";
import type { ReleaseRow, Role } from "../../planning/rules/types.js";
import type { Version } from "../../planning/version/version.js";
import { createChartCache } from "./chart-cache.js";
import { readChartContents, type ChartContents } from "./chart-contents.js";
import { readChartFiles } from "./chart-files.js";
import { parseChartLocation } from "./location.js";
import { openRegistry, type RegistryAccess } from "../registry/client.js";
import { createRegistryLocator } from "./oci-charts.js";
import { readPins } from "./pins.js";
import { createFolderLocator } from "./places.js";
import { verifyChart } from "./prove-chart.js";
import type { ChartVersion } from "./chart-version.js";
import type { ChartLocator, ChartPin, ChartPins, ChartSource, FoundChart } from "./types.js";

export interface ChartSourceOptions extends RegistryAccess {
  /** `palette:charts.location`. */
  location: string;
  /** File of pins, relative to the program; null: charts are not pinned. */
  pins: string | null;
  projectDir: string;
  /** Chart version by role that a person has chosen where several exist. */
  chosen?: Partial<Record<Role, ChartVersion>>;
}

/**
 * Opens the charts that `palette:charts.location` refers to. Charts that were found are kept. No network request is made before
 * the first chart is requested.
 *
 * @throws InvalidInputError `CHARTS_LOCATION`, `CHART_PINS`, `CA_UNREADABLE`.
 */
export function openChartSource(options: ChartSourceOptions): ChartSource {
  const locator = createLocator(options);
  const pins = options.pins === null ? null : readPins(options.pins, options.projectDir);
  const found = new Map<string, Promise<{ chart: FoundChart; contents: ChartContents }>>();
  const byPath = new Map<string, ChartContents>();
  const findOnce = async (
    version: Version,
    row: ReleaseRow,
  ): Promise<{ chart: FoundChart; contents: ChartContents }> => {
    const answer = await findVerifiedChart(locator, version, row, {
      pin: getPin(pins, options.pins, version, row),
      chosen: options.chosen?.[row.role] ?? null,
    });
    byPath.set(answer.chart.path, answer.contents);
    return answer;
  };
  const getContents = (chart: FoundChart): Promise<ChartContents> => {
    const known = byPath.get(chart.path);
    return known === undefined
      ? Promise.reject(new Error(`${chart.path} was not found by this source`))
      : Promise.resolve(known);
  };
  return {
    find: async (version, row) => {
      const key = `${version} ${row.id}`;
      const answer = found.get(key) ?? findOnce(version, row);
      found.set(key, answer);
      return (await answer).chart;
    },
    getDefaults: async (chart) => (await getContents(chart)).defaults,
    getContents,
  };
}

function createLocator(options: ChartSourceOptions): ChartLocator {
  const location = parseChartLocation(options.location);
  const cache = createChartCache(options.projectDir);
  if (location.kind === "places") return createFolderLocator(location.template, options.projectDir, cache);
  return createRegistryLocator(location.template, openRegistry(location.host, options), cache);
}

/** Returns the pin of a chart; null without a file of pins. Throws where the file has no pin for the chart. */
function getPin(pins: ChartPins | null, file: string | null, version: Version, row: ReleaseRow): ChartPin | null {
  if (pins === null) return null;
  const pin = pins.get(version)?.[row.role];
  if (pin !== undefined) return pin;
  throw new InvalidInputError("CHART_NOT_PINNED", `Palette ${version}: ${file} pins no chart for ${row.role}.`, {
    next: `Add it: palette-upgrade charts pin --versions ${version} …, and have the change reviewed.`,
  });
}

async function findVerifiedChart(
  locator: ChartLocator,
  version: Version,
  row: ReleaseRow,
  { pin, chosen }: { pin: ChartPin | null; chosen: ChartVersion | null },
): Promise<{ chart: FoundChart; contents: ChartContents }> {
  // A chosen version is a pin without a checksum: no cached chart matches it, so the chart is searched for.
  const wanted = pin ?? (chosen === null ? null : { version: chosen, sha256: "" });
  const { path, file, archiveValues } = await locator.locate(version, row, wanted);
  const { files, sha256 } = await readChartFiles(file, path);
  const contents = await readChartContents(files).catch((error: unknown) => {
    throw new InvalidInputError("CHART_UNREADABLE", `The chart ${path} cannot be read: ${getErrorMessage(error)}.`, {
      next: "Fetch it anew from the vendor; it is no whole Helm chart.",
      cause: error,
    });
  });
  const namedVersion = statSync(file).isDirectory() ? null : basename(file).slice(row.chart.length + 1, -".tgz".length);
  verifyChart(version, row, pin, { identity: contents, sha256, path, namedVersion });
  return { chart: { path, version: contents.version, sha256, archiveValues }, contents };
}
