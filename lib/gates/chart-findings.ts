import type { ChartSource } from "../site/charts/types.js";
import { InvalidInputError } from "../base/errors/errors.js";
import { toErrorFinding, type Finding } from "./verdict/findings.js";
import type { Site } from "../site/types.js";

/** Thrown where a gate has no charts to read. */
const noCharts = new InvalidInputError("CHARTS_LOCATION", "Where the charts are is not known to this gate.", {
  next: "Set palette:charts.",
});

/** Returns the charts of a site. @throws InvalidInputError where there are none, or none can be opened. */
export function getSiteCharts(site: Site): ChartSource {
  if (site.charts === undefined) throw noCharts;
  return site.charts();
}

/** Turns an error of a chart into a finding that blocks, with the error's own code and what to do. */
export function toChartFinding(thrown: unknown, member: string | null): Finding {
  if (!(thrown instanceof InvalidInputError)) return toErrorFinding(thrown, member, "The next chart could not be read");
  const next = thrown.next === undefined ? "" : ` ${thrown.next}`;
  return {
    outcome: "unknown",
    code: thrown.code,
    member,
    message: `${thrown.message}${next}`,
    transient: thrown.code === "CHARTS_UNREACHABLE",
  };
}
