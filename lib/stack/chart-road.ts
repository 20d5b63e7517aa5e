import { checkCharts, type ChartsByVersion } from "../charts/check-charts.js";
import { openChartSource, type ChartSourceOptions } from "../charts/open-chart-source.js";
import type { ChartSource } from "../charts/types.js";
import { type Prepared } from "./prepare.js";
import { type Settings } from "./settings-schema.js";

/** Where this stack's charts come from. @throws InvalidInputError `CHARTS_LOCATION`, `CHART_PINS`, `CA_FILE_UNREADABLE`. */
export function chartSourceOf(settings: Settings, projectDir: string): ChartSource {
  return openChartSource(chartSourceOptions(settings, projectDir));
}

function chartSourceOptions(settings: Settings, projectDir: string): ChartSourceOptions {
  return {
    location: settings.charts,
    user: settings.chartsUser,
    password: settings.chartsPassword,
    caFile: settings.chartsCaFile || null,
    pins: settings.chartPins || null,
    projectDir,
  };
}

/**
 * The charts of every hop of the road, and of what this update declares: proved before the first gate runs.
 *
 * @throws InvalidInputError as `checkCharts`, listing every chart that is not there at once.
 */
export function chartsOfRoad(prepared: Prepared, source: ChartSource): Promise<ChartsByVersion> {
  const { plan, step, facts, installed } = prepared;
  const road = plan?.hops.map(({ to }) => to) ?? [];
  const versions = step.declareReleases ? [step.destination, ...road] : road;
  return checkCharts({ versions, source, facts, installed: installed.map(({ role }) => role) });
}
