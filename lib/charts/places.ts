import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join, posix, resolve } from "node:path";
import { InvalidInputError } from "../errors.js";
import type { ReleaseRow } from "../plan/rules-types.js";
import type { Version } from "../version/version.js";
import { packedCandidates, type Candidate } from "./candidates.js";
import type { ChartCache } from "./chart-cache.js";
import { chartAmbiguous, chartMissing, expectedVersion, packedName } from "./chart-errors.js";
import type { ChartLocator, ChartPin, LocatedChart } from "./types.js";
import { archiveValuesOf, chartsBelow, isFolder, textBelow } from "./vendor-layout.js";
import { readZip, type ZipEntries } from "./zip-entries.js";

const howToUnpack =
  "Unpack the vendor's archive of that release, or set palette:charts to where it is ({version} stands for the release).";
const howToSettle = "Remove what does not belong to this release, or pin its charts (palette-upgrade charts pin).";

/**
 * Charts on this machine. `template` is one release's place where `{version}` is in it, else a folder of many. A place is
 * looked through in this order: the vendor's unpacked layout, the vendor's zip, charts that lie there loose.
 */
export function placesLocator(template: string, projectDir: string, cache: ChartCache): ChartLocator {
  const zips = new Map<string, ZipEntries>();
  const zipAt = (file: string, shownAs: string): ZipEntries => {
    const entries = zips.get(file) ?? readZip(file, shownAs);
    zips.set(file, entries);
    return entries;
  };
  return {
    locate(version, row, pin) {
      const places = placesOf(template, version);
      for (const place of places.unpacked) {
        const found = inUnpacked(place, projectDir, { version, row, pin, cache });
        if (found !== null) return Promise.resolve(found);
      }
      for (const zip of places.zips.filter((path) => isFile(resolve(projectDir, path)))) {
        const entries = zipAt(resolve(projectDir, zip), zip);
        const found = inZip(entries, zip, { version, row, pin, cache });
        if (found !== null) return Promise.resolve(found);
      }
      const found = places.loose.flatMap((place) => inLoose(place, projectDir, { version, row, pin, cache }) ?? []);
      if (found.length > 0) return Promise.resolve(found[0]!);
      return Promise.reject(chartMissing(version, `${places.expected(row)}`, howToUnpack));
    },
  };
}

interface Wanted {
  version: Version;
  row: ReleaseRow;
  pin: ChartPin | null;
  cache: ChartCache;
}

interface Places {
  unpacked: string[];
  zips: string[];
  loose: string[];
  expected: (row: ReleaseRow) => string;
}

function placesOf(template: string, version: Version): Places {
  const place = template.replaceAll("{version}", version).replace(/\/+$/, "");
  const release = `release-${version}`;
  if (place.endsWith(".zip")) {
    return { unpacked: [], zips: [place], loose: [], expected: (row) => `${row.archives[0]!} in ${place}` };
  }
  if (template.includes("{version}")) {
    const zips = [`${place}.zip`, `${place}/${release}.zip`, `${place}/charts.zip`];
    const unpacked = [place, `${place}/charts/${release}`];
    return { unpacked, zips, loose: [place], expected: (row) => `${place}/${row.archives[0]!}` };
  }
  const zips = [release, `charts-${version}`, `${version}/charts`, `${version}/${release}`, `${release}/charts`];
  return {
    unpacked: [`${place}/${release}`, `${place}/charts/${release}`, `${place}/${version}`],
    zips: zips.map((name) => `${place}/${name}.zip`),
    loose: [place, `${place}/${version}`, `${place}/${release}`],
    expected: (row) =>
      `${place}/${release}.zip (or charts-${version}.zip, or unpacked ${release}/${row.archives[0]!}, ` +
      `or ${packedName(row, expectedVersion(version, row) ?? "*")})`,
  };
}

function inUnpacked(place: string, projectDir: string, wanted: Wanted): LocatedChart | null {
  const root = resolve(projectDir, place);
  const chosen = choose(chartsBelow(root, wanted.row), (path) => join(place, path), wanted);
  if (chosen === null) return null;
  const archiveValues = archiveValuesOf(wanted.row, textBelow(root));
  return { ...onThisMachine(place, chosen, root, wanted), archiveValues };
}

function inZip(entries: ZipEntries, zip: string, wanted: Wanted): LocatedChart | null {
  const { row, cache, version } = wanted;
  const chosen = choose(packedCandidates([...entries.keys()], row), (path) => `${zip}: ${path}`, wanted);
  if (chosen === null) return null;
  const archiveValues = archiveValuesOf(row, (path) => entries.get(path)?.toString("utf8") ?? null);
  return { ...cache.put(version, basename(chosen.path), entries.get(chosen.path)!), archiveValues };
}

/** Loose charts bear no release in their name: one is chosen by its pin, by the product's version, or by being the only one. */
function inLoose(place: string, projectDir: string, wanted: Wanted): LocatedChart | null {
  const { version, row, pin } = wanted;
  const root = resolve(projectDir, place);
  if (!isFolder(root)) return null;
  const all = packedCandidates(readdirSync(root), row, true);
  const known = pin?.version ?? expectedVersion(version, row);
  const fitting = known === null ? all : all.filter((candidate) => candidate.version === known);
  const chosen = choose(fitting, (path) => join(place, path), wanted);
  return chosen === null ? null : { ...onThisMachine(place, chosen, root, wanted), archiveValues: {} };
}

function choose(candidates: Candidate[], shown: (path: string) => string, { version, pin }: Wanted): Candidate | null {
  const pinned = candidates.filter((candidate) => candidate.version === pin?.version);
  const left = candidates.length > 1 && pinned.length === 1 ? pinned : candidates;
  if (left.length > 1) {
    const paths = left.map(({ path }) => shown(path));
    throw chartAmbiguous(version, paths, howToSettle);
  }
  return left[0] ?? null;
}

/** A relative place is taken as it is; an absolute one differs from machine to machine, so its chart goes into the cache. */
function onThisMachine(place: string, { path, version: packed }: Candidate, root: string, wanted: Wanted): Place {
  const file = join(root, path);
  if (!isAbsolute(place)) return { path: posix.normalize(`${place}/${path}`), file };
  if (packed !== null) return wanted.cache.put(wanted.version, basename(path), readFileSync(file));
  throw new InvalidInputError(
    "CHARTS_LOCATION",
    `palette:charts leads to ${file}, an unpacked chart at an absolute path: the path is an input of the release, and on another machine it would differ.`,
    { next: "Write the path relative to the program's folder, or keep the charts packed (.tgz)." },
  );
}

type Place = Pick<LocatedChart, "path" | "file">;

function isFile(path: string): boolean {
  return existsSync(path) && !isFolder(path);
}
