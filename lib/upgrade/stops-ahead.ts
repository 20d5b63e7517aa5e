import { type PreviewReport } from "../stack/preview-report.js";
import { type Version } from "../version/version.js";
import { type UpdateRecord } from "./up-result.js";

/**
 * Stops still to be reached and proved: of the road that this run's newest preview showed, less what was made since. Empty where
 * no preview told a road: that of an older run may lead to another target. Pure.
 */
export function stopsAhead(
  report: Pick<PreviewReport, "plan" | "step"> | null,
  updates: readonly Pick<UpdateRecord, "to" | "outcome">[],
): Version[] {
  if (report?.plan == null || report.plan.refusal !== null) return [];
  const { plan, step } = report;
  const road = plan.hops.map(({ to }) => to);
  const stops =
    step?.kind === "settle" ? [step.destination, ...road] : step?.kind === "hop" ? hopFirst(step, road) : road;
  const reached = updates.filter(({ outcome }) => outcome === "succeeded").at(-1)?.to;
  return reached === undefined ? stops : stops.slice(stops.lastIndexOf(reached) + 1);
}

/** A hop that was begun is finished first, also where the road to a new target does not lead over it. */
function hopFirst({ destination }: { destination: Version }, road: Version[]): Version[] {
  return road.includes(destination) ? road : [destination];
}
