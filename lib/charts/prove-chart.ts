import { InvalidInputError } from "../errors.js";
import type { ReleaseRow } from "../plan/rules-types.js";
import type { Version } from "../version/version.js";
import { expectedVersion } from "./chart-errors.js";
import type { ChartIdentity } from "./chart-contents.js";
import type { ChartPin } from "./types.js";

/** What was found, to be proved. */
export interface ChartProof {
  identity: ChartIdentity;
  sha256: string;
  path: string;
  /** The version that the packed chart's file name tells; null for an unpacked one. */
  namedVersion: string | null;
}

/**
 * The chart is the one expected: by its name, by its version (the product's chart bears the release, twice) and by its pin.
 *
 * @throws InvalidInputError `CHART_WRONG`, `CHART_CHECKSUM`.
 */
export function proveChart(version: Version, row: ReleaseRow, pin: ChartPin | null, found: ChartProof): void {
  const { identity, path } = found;
  if (identity.name !== row.chart) throw wrong(version, path, `is chart "${identity.name}"`, `"${row.chart}"`);
  const product = expectedVersion(version, row);
  for (const [what, is] of [
    ["version", identity.version],
    ["appVersion", identity.appVersion],
  ]) {
    if (product !== null && is !== product) throw wrong(version, path, `has ${what} "${is}"`, `"${product}"`);
  }
  if (found.namedVersion !== null && found.namedVersion !== identity.version) {
    throw wrong(version, path, `has version "${identity.version}" inside`, `"${found.namedVersion}" as its name says`);
  }
  if (pin === null) return;
  if (pin.version !== identity.version) {
    throw wrong(version, path, `has version "${identity.version}"`, `the pinned "${pin.version}"`);
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

function wrong(version: Version, path: string, is: string, expected: string): InvalidInputError {
  return new InvalidInputError("CHART_WRONG", `Palette ${version}: ${path} ${is}, expected ${expected}.`, {
    next: "Put the chart of that release there; another one is never upgraded to.",
  });
}
