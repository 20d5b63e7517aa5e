import { InvalidInputError } from "../../base/errors/errors.js";
import type { ReleaseRow } from "../../planning/rules/types.js";
import type { Version } from "../../planning/version/version.js";
import { getExpectedChartVersion } from "./chart-errors.js";
import type { ChartIdentity } from "./chart-contents.js";
import { chartVersionForm, isChartVersion } from "./chart-version.js";
import type { ChartPin } from "./types.js";

/** A found chart that is to be verified. */
interface ChartVerificationInput {
  identity: ChartIdentity;
  sha256: string;
  path: string;
  /** Version in the packed chart's file name; null for an unpacked chart. */
  namedVersion: string | null;
}

/**
 * Verifies that a chart is the expected one: by its name, by its version (version and appVersion of the product's chart
 * are the release) and by its pin.
 *
 * @throws InvalidInputError `CHART_WRONG`, `CHART_CHECKSUM`.
 */
export function verifyChart(
  version: Version,
  row: ReleaseRow,
  pin: ChartPin | null,
  found: ChartVerificationInput,
): void {
  const { identity, path } = found;
  if (identity.name !== row.chart)
    throw createChartWrongError(version, path, `is chart "${identity.name}"`, `"${row.chart}"`);
  const product = getExpectedChartVersion(version, row);
  for (const [field, actual] of [
    ["version", identity.version],
    ["appVersion", identity.appVersion],
  ]) {
    if (product !== null && actual !== product)
      throw createChartWrongError(version, path, `has ${field} "${actual}"`, `"${product}"`);
  }
  if (found.namedVersion !== null && found.namedVersion !== identity.version) {
    throw createChartWrongError(
      version,
      path,
      `has version "${identity.version}" inside`,
      `"${found.namedVersion}" as its name says`,
    );
  }
  if (!isChartVersion(identity.version))
    throw createChartWrongError(version, path, `has version ${JSON.stringify(identity.version)}`, chartVersionForm);
  if (pin === null) return;
  if (pin.version !== identity.version) {
    throw createChartWrongError(version, path, `has version "${identity.version}"`, `the pinned "${pin.version}"`);
  }
  if (pin.sha256 !== found.sha256) {
    throw new InvalidInputError(
      "CHART_CHECKSUM",
      `Palette ${version}: ${path} has sha256 ${found.sha256}, but ${pin.sha256} is pinned for ${row.role}.`,
      {
        next: 'Fetch the chart anew from the vendor. Only where the vendor confirms the new content: "palette-upgrade charts pin".',
      },
    );
  }
}

function createChartWrongError(version: Version, path: string, actual: string, expected: string): InvalidInputError {
  return new InvalidInputError("CHART_WRONG", `Palette ${version}: ${path} ${actual}, expected ${expected}.`, {
    next: "Put the chart of that release there; another one is never upgraded to.",
  });
}
