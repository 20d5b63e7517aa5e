import { chartDigests, checkCharts, type ChartsByVersion } from "../charts/check-charts.js";
import { openChartSource, type ChartSourceOptions } from "../charts/open-chart-source.js";
import { PaletteError } from "../errors.js";
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

/** The charts that were found, and what the road lacks where that does not matter yet. */
export interface RoadCharts {
  charts: ChartsByVersion;
  /** A sentence where a later hop will refuse for a chart; null where the whole road has its charts. */
  lacking: string | null;
}

/**
 * The charts of every hop of the road, and of what this update declares: proved before the first gate runs. Where nothing
 * moves, enrolling and settling, a chart that the road lacks is told and refuses only the hop.
 *
 * @throws InvalidInputError as `checkCharts`, listing every chart that is not there at once.
 */
export async function chartsOfRoad(prepared: Prepared, source: ChartSource): Promise<RoadCharts> {
  const { plan, step, facts, installed } = prepared;
  const find = (versions: readonly Version[]): Promise<ChartsByVersion> =>
    checkCharts({ versions, source, facts, installed: installed.map(({ role }) => role) });
  const road = plan?.hops.map(({ to }) => to) ?? [];
  const declared = step.declareReleases ? [step.destination] : [];
  if (step.kind === "hop" || step.kind === "install")
    return { charts: await find([...declared, ...road]), lacking: null };
  const charts = await find(declared);
  try {
    return { charts: new Map([...charts, ...(await find(road))]), lacking: null };
  } catch (error) {
    if (!(error instanceof PaletteError)) throw error;
    const advice = error.next === undefined ? "" : `\n${error.next}`;
    return { charts, lacking: `Nothing moves now, but the hop will refuse. ${error.code}: ${error.message}${advice}` };
  }
}

/** What was decided, its fingerprints standing on the charts of each road too. */
export function withCharts(update: Update, prepared: Prepared, { charts, lacking }: RoadCharts): Prepared {
  const { facts, step } = prepared;
  const notice = [prepared.notice, lacking].filter((part) => part !== null).join("\n") || null;
  // What is installed anew is no hop of its road.
  const isOf = ({ hops }: Plan, version: Version): boolean =>
    hops.some(({ to }) => to === version) || (step.kind === "install" && step.destination === version);
  const again = (plan: Plan | null): Plan | null => {
    if (plan === null) return null;
    const road = new Map([...charts].filter(([version]) => isOf(plan, version)));
    return planFrom(update, plan.from, facts, chartDigests(road));
  };
  return { ...prepared, notice, plan: again(prepared.plan), remaining: again(prepared.remaining) };
}
