import { chartDigests, checkCharts, type ChartsByVersion } from "../charts/check-charts.js";
import { openChartSource, type ChartSourceOptions } from "../charts/open-chart-source.js";
import type { ChartSource } from "../charts/types.js";
import type { Version } from "../version/version.js";
import type { Plan } from "../plan/types.js";
import { type Prepared } from "./prepare.js";
import { type Settings } from "./settings-schema.js";
import { planFrom, type Update } from "./update.js";

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

/** What was decided, its fingerprints standing on the charts of each road too. */
export function withCharts(update: Update, prepared: Prepared, charts: ChartsByVersion): Prepared {
  const { facts, step } = prepared;
  // What is installed anew is no hop of its road.
  const isOf = ({ hops }: Plan, version: Version): boolean =>
    hops.some(({ to }) => to === version) || (step.kind === "install" && step.destination === version);
  const again = (plan: Plan | null): Plan | null => {
    if (plan === null) return null;
    const road = new Map([...charts].filter(([version]) => isOf(plan, version)));
    return planFrom(update, plan.from, facts, chartDigests(road));
  };
  return { ...prepared, plan: again(prepared.plan), remaining: again(prepared.remaining) };
}
