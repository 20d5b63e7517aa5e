import { formatCount } from "../base/errors/counted.js";
import { InvalidInputError } from "../base/errors/errors.js";
import { type PreviewReport } from "../program/preview/report.js";
import { type Version } from "../planning/version/version.js";
import { type UpdateRecord } from "./up-result.js";

/** How far a run goes, where not to the target. */
export interface Limits {
  /** A stop of the route; null: the target. */
  to: Version | null;
  maxHops: number | null;
}

/**
 * Finds why the previewed update is not made; null where it is. Pure.
 *
 * @throws InvalidInputError `TO_NOT_ON_ROAD`: a run may stop earlier on the pinned route, never leave it or go beyond
 * it.
 */
export function findStopReason(report: PreviewReport | null, hopsDone: number, { to, maxHops }: Limits): string | null {
  const step = report?.step;
  if (to !== null && report?.plan) refuseOffRoute(to, [report.plan.from, ...report.plan.hops.map((hop) => hop.to)]);
  if (step?.kind !== "hop") return null;
  if (step.from === to) return `${to} is reached, as --to asked.`;
  if (maxHops !== null && hopsDone >= maxHops) {
    return `${formatCount(hopsDone, "hop was", "hops were")} made, as --max-hops asked.`;
  }
  return null;
}

function refuseOffRoute(to: Version, stops: Version[]): void {
  if (stops.includes(to)) return;
  throw new InvalidInputError("TO_NOT_ON_ROAD", `--to ${to} is no stop of this stack's route: ${stops.join(" -> ")}.`, {
    next: "Name one of these stops. Another route, or a further target, is pinned by palette:target (and palette:route.via) in the stack's configuration.",
  });
}

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
  const stops = step?.kind === "settle" ? [step.destination, ...route] : route;
  const reached = updates.filter(({ outcome }) => outcome === "succeeded").at(-1)?.to;
  return reached === undefined ? stops : stops.slice(stops.lastIndexOf(reached) + 1);
}
