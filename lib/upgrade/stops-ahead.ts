import { type PreviewReport } from "../stack/preview-report.js";
import { type Version } from "../version/version.js";
import { type UpdateRecord } from "./up-result.js";

/**
 * Lists the stops still ahead: the route of this run's newest preview, without what was reached since. Empty where no
 * preview showed a route: that of an older run may lead to another target. Pure.
 */
export function listStopsAhead(
  report: Pick<PreviewReport, "plan" | "step"> | null,
  updates: readonly Pick<UpdateRecord, "to" | "outcome">[],
): Version[] {
  if (report?.plan == null || report.plan.refusal !== null) return [];
  const { plan, step } = report;
  const route = plan.hops.map(({ to }) => to);
  const stops =
    step?.kind === "settle" ? [step.destination, ...route] : step?.kind === "hop" ? startWithHop(step, route) : route;
  const reached = updates.filter(({ outcome }) => outcome === "succeeded").at(-1)?.to;
  return reached === undefined ? stops : stops.slice(stops.lastIndexOf(reached) + 1);
}

/** Puts a hop in progress first, even where the route to a new target does not include it. */
function startWithHop({ destination }: { destination: Version }, route: Version[]): Version[] {
  return route.includes(destination) ? route : [destination];
}
