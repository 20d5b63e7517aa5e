import { InvalidInputError } from "../errors.js";
import type { ReleaseRow } from "../plan/rules-types.js";
import type { Version } from "../version/version.js";

/** A chart that is not where it is expected. */
export function chartMissing(version: Version, expected: string, next: string): InvalidInputError {
  return new InvalidInputError("CHART_MISSING", `Palette ${version} needs ${expected}, which is not there.`, { next });
}

/** Several that fit where one belongs. */
export function chartAmbiguous(version: Version, paths: readonly string[], next: string): InvalidInputError {
  return new InvalidInputError(
    "CHART_AMBIGUOUS",
    `Palette ${version}: ${paths.join(" and ")} both fit; one is expected.`,
    { next },
  );
}

/** How the chart of a row is called in its packed form, its version left open where it is not known. */
export function packedName(row: ReleaseRow, chartVersion: string): string {
  return `${row.chart}-${chartVersion}.tgz`;
}

/** The chart version that belongs to a Palette version, where that is known: the product's own chart bears it. */
export function expectedVersion(version: Version, row: ReleaseRow): string | null {
  return row.role === "hubble" ? version : null;
}
