/** Where the charts of a Palette version come from: an unpacked archive, a folder of archives, or an OCI registry. */
import type { ReleaseRow, Role } from "../../planning/rules/types.js";
import type { Version } from "../../planning/version/version.js";
import type { ChartContents } from "./chart-contents.js";
import type { ChartVersion } from "./chart-version.js";

/** A chart on this machine, found or fetched. */
export interface FoundChart {
  /** Relative to the program's folder and the same on every machine, e.g. `charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz`. */
  path: string;
  version: string;
  /** sha256 of the packed chart, or of an unpacked one's sorted files. */
  sha256: string;
  /** The archive's own values for a chart that takes them from there; empty otherwise. */
  archiveValues: Record<string, unknown>;
}

export interface ChartSource {
  /**
   * Finds a chart and verifies that it is the expected one: name, version and, where charts are pinned, checksum.
   *
   * @throws InvalidInputError `CHART_MISSING`, `CHART_AMBIGUOUS`, `CHART_WRONG`, `CHART_UNREADABLE`, `CHART_CHECKSUM`,
   * `CHART_NOT_PINNED`, `CHARTS_UNREACHABLE`, `CHARTS_DENIED`, … naming what is expected, where, and what to do.
   */
  find(version: Version, row: ReleaseRow): Promise<FoundChart>;
  /** Returns the chart's default values: its own `values.yaml`, with those of its sub-charts under their names. */
  getDefaults(chart: FoundChart): Promise<Record<string, unknown>>;
  /** Returns everything that is read from a chart. */
  getContents(chart: FoundChart): Promise<ChartContents>;
}

/** Version and checksum that a chart must have. */
export interface ChartPin {
  version: ChartVersion;
  sha256: string;
}

/** Pins by Palette version and role. */
export type ChartPins = ReadonlyMap<Version, Partial<Record<Role, ChartPin>>>;

/** A chart as a locator returns it, not yet verified. */
export interface LocatedChart {
  /** As in FoundChart. */
  path: string;
  /** The same path, absolute. */
  file: string;
  archiveValues: Record<string, unknown>;
}

/** Finds charts in one kind of location. */
export interface ChartLocator {
  /**
   * @param pin version and checksum, where known in advance: may avoid a search, and selects one of several charts.
   * @throws InvalidInputError as `ChartSource.find`.
   */
  locate(version: Version, row: ReleaseRow, pin: ChartPin | null): Promise<LocatedChart>;
}
