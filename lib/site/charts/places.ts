import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join, posix, resolve } from "node:path";
import { InvalidInputError } from "../../base/errors/errors.js";
import type { ReleaseRow } from "../../planning/rules/types.js";
import type { Version } from "../../planning/version/version.js";
import { findPackedCandidates, type Candidate } from "./candidates.js";
import type { ChartCache } from "./chart-cache.js";
import {
  createChartAmbiguousError,
  createChartMissingError,
  describePackedName,
  getExpectedChartVersion,
  requireFileName,
} from "./chart-errors.js";
import type { ChartLocator, ChartPin, LocatedChart } from "./types.js";
import { readArchiveValues, findCharts, isFolder, createTextReader } from "./vendor-layout.js";
import { readZip, type ZipEntries } from "./zip-entries.js";
import { trimEndCharacter } from "../../base/text/trim-character.js";

const howToUnpack =
  "Unpack the vendor's archive of that release, or set palette:charts.location to where it is ({version} stands for the release).";
const howToSettle = "Remove what does not belong to this release, or pin its charts (palette-upgrade charts pin).";

/**
 * Creates a locator for charts on this machine. `template` is the location of one release where it contains
 * `{version}`, else a folder of many releases. A location is searched in this order: the vendor's unpacked layout, the
 * vendor's zip, packed charts directly in the folder.
 */
export function createFolderLocator(template: string, projectDir: string, cache: ChartCache): ChartLocator {
  const zips = new Map<string, ZipEntries>();
  const openZip = (file: string, displayName: string): ZipEntries => {
    const entries = zips.get(file) ?? readZip(file, displayName);
    zips.set(file, entries);
    return entries;
  };
  return {
    locate(version, row, pin) {
      const searchPaths = listSearchPaths(template, version);
      for (const place of searchPaths.unpacked) {
        const found = findInUnpacked(place, projectDir, { version, row, pin, cache });
        if (found !== null) return Promise.resolve(found);
      }
      for (const zip of searchPaths.zips.filter((path) => isFile(resolve(projectDir, path)))) {
        const entries = openZip(resolve(projectDir, zip), zip);
        const found = findInZip(entries, zip, { version, row, pin, cache });
        if (found !== null) return Promise.resolve(found);
      }
      const found = searchPaths.loose.flatMap(
        (place) => findInLoose(place, projectDir, { version, row, pin, cache }) ?? [],
      );
      if (found.length > 0) return Promise.resolve(found[0]!);
      return Promise.reject(createChartMissingError(version, `${searchPaths.describeExpected(row)}`, howToUnpack));
    },
  };
}

interface WantedChart {
  version: Version;
  row: ReleaseRow;
  pin: ChartPin | null;
  cache: ChartCache;
}

interface SearchPaths {
  unpacked: string[];
  zips: string[];
  loose: string[];
  describeExpected: (row: ReleaseRow) => string;
}

function listSearchPaths(template: string, version: Version): SearchPaths {
  const place = trimEndCharacter(template.replaceAll("{version}", version), "/");
  const release = `release-${version}`;
  if (place.endsWith(".zip")) {
    return { unpacked: [], zips: [place], loose: [], describeExpected: (row) => `${row.archives[0]!} in ${place}` };
  }
  if (template.includes("{version}")) {
    const zips = [`${place}.zip`, `${place}/${release}.zip`, `${place}/charts.zip`];
    const unpacked = [place, `${place}/charts/${release}`];
    return { unpacked, zips, loose: [place], describeExpected: (row) => `${place}/${row.archives[0]!}` };
  }
  const zips = [release, `charts-${version}`, `${version}/charts`, `${version}/${release}`, `${release}/charts`];
  return {
    unpacked: [`${place}/${release}`, `${place}/charts/${release}`, `${place}/${version}`],
    zips: zips.map((name) => `${place}/${name}.zip`),
    loose: [place, `${place}/${version}`, `${place}/${release}`],
    describeExpected: (row) =>
      `${place}/${release}.zip (or charts-${version}.zip, or unpacked ${release}/${row.archives[0]!}, ` +
      `or ${describePackedName(version, row)})`,
  };
}

function findInUnpacked(place: string, projectDir: string, wanted: WantedChart): LocatedChart | null {
  const root = resolve(projectDir, place);
  const chosen = chooseCandidate(findCharts(root, wanted.row), (path) => join(place, path), wanted);
  if (chosen === null) return null;
  const archiveValues = readArchiveValues(wanted.row, place, createTextReader(root));
  return { ...getMachineIndependentPaths(place, chosen, root, wanted), archiveValues };
}

function findInZip(entries: ZipEntries, zip: string, wanted: WantedChart): LocatedChart | null {
  const { row, cache, version } = wanted;
  const chosen = chooseCandidate(findPackedCandidates([...entries.keys()], row), (path) => `${zip}: ${path}`, wanted);
  if (chosen === null) return null;
  const archiveValues = readArchiveValues(row, zip, (path) => entries.get(path)?.toString("utf8") ?? null);
  return { ...cache.put(version, requireFileName(basename(chosen.path)), entries.get(chosen.path)!), archiveValues };
}

/**
 * Finds a packed chart directly in a folder. Its name contains no release: a chart is chosen by its pin, by the
 * product's version, or because it is the only one.
 */
function findInLoose(place: string, projectDir: string, wanted: WantedChart): LocatedChart | null {
  const { version, row, pin } = wanted;
  const root = resolve(projectDir, place);
  if (!isFolder(root)) return null;
  const all = findPackedCandidates(readdirSync(root), row, true);
  const known = pin?.version ?? getExpectedChartVersion(version, row);
  const fitting = known === null ? all : all.filter((candidate) => candidate.version === known);
  const chosen = chooseCandidate(fitting, (path) => join(place, path), wanted);
  return chosen === null ? null : { ...getMachineIndependentPaths(place, chosen, root, wanted), archiveValues: {} };
}

function chooseCandidate(
  candidates: Candidate[],
  formatPath: (path: string) => string,
  { version, pin }: WantedChart,
): Candidate | null {
  const pinned = candidates.filter((candidate) => candidate.version === pin?.version);
  const remaining = candidates.length > 1 && pinned.length === 1 ? pinned : candidates;
  if (remaining.length > 1) {
    const paths = remaining.map(({ path }) => formatPath(path));
    throw createChartAmbiguousError(version, paths, howToSettle);
  }
  return remaining[0] ?? null;
}

/** Returns paths that are the same on every machine: a relative path is kept; a chart at an absolute path is cached. */
function getMachineIndependentPaths(
  place: string,
  { path, version: packed }: Candidate,
  root: string,
  wanted: WantedChart,
): ChartPaths {
  const file = join(root, path);
  if (!isAbsolute(place)) return { path: posix.normalize(`${place}/${path}`), file };
  if (packed !== null) return wanted.cache.put(wanted.version, requireFileName(basename(path)), readFileSync(file));
  throw new InvalidInputError(
    "CHARTS_LOCATION",
    `palette:charts.location leads to ${file}, an unpacked chart at an absolute path: the path is an input of the release, and on another machine it would differ.`,
    { next: "Write the path relative to the program's folder, or keep the charts packed (.tgz)." },
  );
}

type ChartPaths = Pick<LocatedChart, "path" | "file">;

function isFile(path: string): boolean {
  return existsSync(path) && !isFolder(path);
}
