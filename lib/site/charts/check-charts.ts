import { InvalidInputError } from "../../base/errors/errors.js";
import { type Edition, type Method } from "../../planning/matrix/types.js";
import { type ReleaseRow, type Role } from "../../planning/rules/types.js";
import { listExpectedReleases } from "../../planning/rules/rules.js";
import { type SiteFacts } from "../../planning/rules/site-facts.js";
import { compareVersions, type Version } from "../../planning/version/version.js";
import { type ChartSource, type FoundChart } from "./types.js";

/** The charts of every requested version, by role. */
export type ChartsByVersion = ReadonlyMap<Version, Partial<Record<Role, FoundChart>>>;

interface ChartCheckOptions {
  /** Destinations of all hops that are planned. */
  versions: readonly Version[];
  source: ChartSource;
  facts: SiteFacts;
  /** Roles of the releases that are installed (or recorded). */
  installed: readonly string[];
  kind?: { edition: Edition; method: Method };
}

/**
 * Lists the releases of a version at this site, in upgrade order: those its facts require, and those already installed.
 */
export function listReleaseRows(
  version: Version,
  { facts, installed, kind }: Pick<ChartCheckOptions, "facts" | "installed" | "kind">,
): ReleaseRow[] {
  return listExpectedReleases(version, facts, kind).filter(
    (row) => row.applies === "yes" || installed.includes(row.role),
  );
}

/**
 * Finds and verifies the charts of all versions, before the first hop starts.
 *
 * @throws InvalidInputError the only error, or `CHARTS_MISSING` that lists all errors, each with what is expected.
 */
export async function checkCharts(options: ChartCheckOptions): Promise<ChartsByVersion> {
  const versions = [...new Set(options.versions)].sort(compareVersions);
  const faults: InvalidInputError[] = [];
  const charts = new Map<Version, Partial<Record<Role, FoundChart>>>();
  for (const version of versions) {
    const found: Partial<Record<Role, FoundChart>> = {};
    for (const row of listReleaseRows(version, options)) {
      try {
        found[row.role] = await options.source.find(version, row);
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        faults.push(error);
      }
    }
    charts.set(version, found);
  }
  if (faults.length > 0) throw combineFaults(faults, versions);
  return charts;
}

/** Collects sha256 by `version/role`: part of a plan's fingerprint. */
export function collectChartDigests(charts: ChartsByVersion): Record<string, string> {
  return Object.fromEntries(
    [...charts].flatMap(([version, byRole]) =>
      Object.entries(byRole).map(([role, { sha256 }]) => [`${version}/${role}`, sha256]),
    ),
  );
}

/** Collects sha256 by role of one version's charts: recorded by a verified hop and by a promotion. */
export function collectVersionDigests(charts: ChartsByVersion, version: Version): Record<string, string> {
  return Object.fromEntries(Object.entries(charts.get(version) ?? {}).map(([role, { sha256 }]) => [role, sha256]));
}

function combineFaults(faults: InvalidInputError[], versions: Version[]): InvalidInputError {
  const [first] = faults;
  if (faults.length === 1) return first!;
  const lines = faults.map(
    ({ code, message }) => `  - ${message.split("\n").join("\n    ")}${code === "CHART_MISSING" ? "" : ` (${code})`}`,
  );
  const advice = [...new Set(faults.map(({ next }) => next ?? ""))].filter((text) => text !== "");
  return new InvalidInputError(
    "CHARTS_MISSING",
    `${faults.length} charts of the route (${versions.join(", ")}) are not there as they should be; nothing was begun:\n${lines.join("\n")}`,
    { next: advice.join(" ") },
  );
}
