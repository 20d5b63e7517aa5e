import { InvalidInputError } from "../errors.js";
import { type PreviewReport } from "../stack/preview-report.js";
import { type Version } from "../version/version.js";
import { formatCount } from "../counted.js";

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
  throw new InvalidInputError("TO_NOT_ON_ROAD", `--to ${to} is no stop of this stack's road: ${stops.join(" -> ")}.`, {
    next: "Name one of these stops. Another road, or a further target, is pinned by palette:target (and palette:via) in the stack's configuration.",
  });
}
