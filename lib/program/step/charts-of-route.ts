import { collectChartDigests, checkCharts, type ChartsByVersion } from "../../site/charts/check-charts.js";
import { openChartSource, type ChartSourceOptions } from "../../site/charts/open-chart-source.js";
import { attempt, formatRefusal, toRefusal } from "../../base/errors/refusal.js";
import type { ChartSource } from "../../site/charts/types.js";
import type { Version } from "../../planning/version/version.js";
import type { Plan } from "../../planning/plan/types.js";
import { type Prepared } from "./prepare.js";
import { type Settings } from "../../settings/schema.js";
import { computePlan, computePlanOfHop } from "./plan.js";
import { type Update } from "./update.js";

/**
 * Opens the source of this stack's charts.
 *
 * @throws InvalidInputError `CHARTS_LOCATION`, `CHART_PINS`, `CA_FILE_UNREADABLE`.
 */
export function openStackChartSource(settings: Settings, projectDir: string): ChartSource {
  return openChartSource(toChartSourceOptions(settings, projectDir));
}

function toChartSourceOptions(settings: Settings, projectDir: string): ChartSourceOptions {
  return { ...settings.charts, password: settings.secrets.chartsPassword, projectDir };
}

/** The charts that were found, and a notice on missing charts of later hops. */
interface RouteCharts {
  charts: ChartsByVersion;
  /** A sentence where a later hop will refuse for a missing chart; null where every hop of the route has its charts. */
  missingNotice: string | null;
}

/**
 * Checks the charts of every hop of the route and of this update's releases, before the first gate runs. While
 * enrolling or settling nothing moves, so a missing chart of the route is only reported; it refuses the hop.
 *
 * @throws InvalidInputError as `checkCharts`, listing all missing charts at once.
 */
export async function checkRouteCharts(prepared: Prepared, source: ChartSource): Promise<RouteCharts> {
  const { plan, step, facts, installed } = prepared;
  const checkVersions = (versions: readonly Version[]): Promise<ChartsByVersion> =>
    checkCharts({ versions, source, facts, installed: installed.map(({ role }) => role) });
  const route = plan?.hops.map(({ to }) => to) ?? [];
  const declared = step.declareReleases ? [step.destination] : [];
  if (step.kind === "hop" || step.kind === "install")
    return { charts: await checkVersions([...declared, ...route]), missingNotice: null };
  const charts = await checkVersions(declared);
  const ahead = await attempt(() => checkVersions(route));
  if (ahead.ok) return { charts: new Map([...charts, ...ahead.value]), missingNotice: null };
  const missingNotice = `Nothing moves now, but the hop will refuse. ${formatRefusal(toRefusal(ahead.refusal))}`;
  return { charts, missingNotice };
}

/** Plans again with the digests of the charts, so that the fingerprints of the plans depend on them too. */
export function addChartDigests(update: Update, prepared: Prepared, { charts, missingNotice }: RouteCharts): Prepared {
  const { facts, step, hop, hopInProgress } = prepared;
  const notice = [prepared.notice, missingNotice].filter((part) => part !== null).join("\n") || null;
  // The destination of a fresh install is no hop of its route.
  const isOnRoute = ({ hops }: Plan, version: Version): boolean =>
    hops.some(({ to }) => to === version) || (step.kind === "install" && step.destination === version);
  const planAgain = (plan: Plan | null): Plan | null => {
    if (plan === null) return null;
    const routeCharts = new Map([...charts].filter(([version]) => isOnRoute(plan, version)));
    const digests = collectChartDigests(routeCharts);
    const isOffRoute = hop !== null && hopInProgress?.onRoute === false && plan.from === hop.from;
    return isOffRoute ? computePlanOfHop(update, hop, facts, digests) : computePlan(update, plan.from, facts, digests);
  };
  return { ...prepared, notice, plan: planAgain(prepared.plan), remaining: planAgain(prepared.remaining) };
}
