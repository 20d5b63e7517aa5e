import { InvalidInputError } from "../../base/errors/errors.js";
import type { ReleaseRow } from "../../planning/rules/types.js";
import type { Version } from "../../planning/version/version.js";

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
export function formatPackedName(row: ReleaseRow, chartVersion: string): string {
  return `${row.chart}-${chartVersion}.tgz`;
}

/** Returns the chart version of a Palette version, where known: only the product's own chart has the same version. */
export function getExpectedChartVersion(version: Version, row: ReleaseRow): string | null {
  return row.role === "hubble" ? version : null;
}
