/** Where the charts of a Palette version come from: an unpacked archive, a folder of archives, or an OCI registry. */
import type { ReleaseRow } from "../plan/rules-types.js";
import type { Version } from "../version/version.js";

/** A chart that lies on this machine, found or fetched. */
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
  /** @throws InvalidInputError `CHART_MISSING`, `CHART_AMBIGUOUS`, `CHART_CHECKSUM`, `CHARTS_UNREACHABLE`, … naming what is expected and where. */
  find(version: Version, row: ReleaseRow): Promise<FoundChart>;
  /** `values.yaml` inside the chart: its defaults. */
  defaults(chart: FoundChart): Promise<Record<string, unknown>>;
}
