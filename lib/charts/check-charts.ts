import { InvalidInputError } from "../errors.js";
import type { ReleaseRow, Role } from "../plan/rules-types.js";
import { releasesOf } from "../plan/rules.js";
import type { SiteFacts } from "../plan/types.js";
import type { Edition, Method } from "../matrix/types.js";
import { compareVersions, type Version } from "../version/version.js";
import type { ChartSource, FoundChart } from "./types.js";

/** The charts of every version asked for, by role. */
export type ChartsByVersion = ReadonlyMap<Version, Partial<Record<Role, FoundChart>>>;

export interface ChartsQuestion {
  /** Destinations of all hops that are planned. */
  versions: readonly Version[];
  source: ChartSource;
  facts: SiteFacts;
  /** Roles of the releases that are installed (or recorded). */
  installed: readonly string[];
  kind?: { edition: Edition; method: Method };
}

/** The releases a version consists of at this site, in the order they move: by its facts, and those installed anyway. */
export function rowsOfVersion(
  version: Version,
  { facts, installed, kind }: Pick<ChartsQuestion, "facts" | "installed" | "kind">,
): ReleaseRow[] {
  return releasesOf(version, facts, kind).filter((row) => row.applies === "yes" || installed.includes(row.role));
}

/**
 * Finds and proves the charts of all versions, before anything of the first hop begins.
 *
 * @throws InvalidInputError the one fault there is, or `CHARTS_MISSING` that lists all of them, each with what is expected.
 */
export async function checkCharts(question: ChartsQuestion): Promise<ChartsByVersion> {
  const versions = [...new Set(question.versions)].sort(compareVersions);
  const faults: InvalidInputError[] = [];
  const charts = new Map<Version, Partial<Record<Role, FoundChart>>>();
  for (const version of versions) {
    const found: Partial<Record<Role, FoundChart>> = {};
    for (const row of rowsOfVersion(version, question)) {
      try {
        found[row.role] = await question.source.find(version, row);
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        faults.push(error);
      }
    }
    charts.set(version, found);
  }
  if (faults.length > 0) throw allOf(faults, versions);
  return charts;
}

/** sha256 by `version/role`: what a plan's fingerprint stands on. */
export function chartDigests(charts: ChartsByVersion): Record<string, string> {
  return Object.fromEntries(
    [...charts].flatMap(([version, byRole]) =>
      Object.entries(byRole).map(([role, { sha256 }]) => [`${version}/${role}`, sha256]),
    ),
  );
}

/** sha256 by role of one version's charts: what a verified hop and a promotion record. */
export function digestsOfVersion(charts: ChartsByVersion, version: Version): Record<string, string> {
  return Object.fromEntries(Object.entries(charts.get(version) ?? {}).map(([role, { sha256 }]) => [role, sha256]));
}

function allOf(faults: InvalidInputError[], versions: Version[]): InvalidInputError {
  const [first] = faults;
  if (faults.length === 1) return first!;
  const lines = faults.map(
    ({ code, message }) => `  - ${message.split("\n").join("\n    ")}${code === "CHART_MISSING" ? "" : ` (${code})`}`,
  );
  const advice = [...new Set(faults.map(({ next }) => next ?? ""))].filter((text) => text !== "");
  return new InvalidInputError(
    "CHARTS_MISSING",
    `${faults.length} charts of the road (${versions.join(", ")}) are not there as they should be; nothing was begun:\n${lines.join("\n")}`,
    { next: advice.join(" ") },
  );
}
