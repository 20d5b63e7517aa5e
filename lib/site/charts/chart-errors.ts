import { InvalidInputError } from "../../base/errors/errors.js";
import type { ReleaseRow } from "../../planning/rules/types.js";
import type { Version } from "../../planning/version/version.js";
import { type FileName, parseFileName } from "../../base/text/file-name.js";
import { type ChartVersion, parseChartVersion } from "./chart-version.js";

/** Creates the error for a chart that is not where it is expected. */
export function createChartMissingError(version: Version, expected: string, next: string): InvalidInputError {
  return new InvalidInputError("CHART_MISSING", `Palette ${version} needs ${expected}, which is not there.`, { next });
}

/** Creates the error for several matching charts where one is expected. */
export function createChartAmbiguousError(version: Version, paths: readonly string[], next: string): InvalidInputError {
  return new InvalidInputError(
    "CHART_AMBIGUOUS",
    `Palette ${version}: ${paths.join(" and ")} both fit; one is expected.`,
    { next },
  );
}

/** Formats the file name of a row's packed chart. */
export function formatPackedName(row: ReleaseRow, chartVersion: ChartVersion): FileName {
  return requireFileName(`${row.chart}-${chartVersion}.tgz`);
}

/** Describes the file name of a row's packed chart, also where its version is not known. */
export function describePackedName(version: Version, row: ReleaseRow, unknown = "*"): string {
  return `${row.chart}-${getExpectedChartVersion(version, row) ?? unknown}.tgz`;
}

/** Parses the name of a chart's file, from an archive too. @throws InvalidInputError `CHART_WRONG`. */
export function requireFileName(text: string): FileName {
  const name = parseFileName(text);
  if (name !== null) return name;
  throw new InvalidInputError("CHART_WRONG", `${JSON.stringify(text)} is no name of a chart's file.`, {
    next: "Fetch the chart anew from the vendor.",
  });
}

/** Returns the chart version of a Palette version, where known: only the product's own chart has the same version. */
export function getExpectedChartVersion(version: Version, row: ReleaseRow): ChartVersion | null {
  return row.role === "hubble" ? parseChartVersion(version) : null;
}
