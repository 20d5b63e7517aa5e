import type { Graph } from "./graph.js";
import type { Leg } from "./leg.js";
import { guidelineStep } from "./strategy-guideline.js";

/**
 * The places of the road after `leg.source`, the goal last: as few hops as the rows allow, and among such roads the one with
 * the latest releases, compared hop by hop from the first.
 *
 * @param walkMinors where there are PCGs: a minor is skipped only where `guideline` does too.
 */
export function fewestHopsRoute(graph: Graph, leg: Leg, walkMinors: boolean): number[] {
  const hops = new Map<number, number>([[leg.goal, 0]]);
  const next = new Map<number, number>();
  for (let place = leg.goal - 1; place >= leg.source; place--) {
    for (const step of walkMinors ? walkedSteps(graph, leg, place) : leg.steps(place)) {
      const rest = hops.get(step)! + 1;
      // `<=`: steps come lowest first, so of equally short ways the latest release wins.
      if (rest > (hops.get(place) ?? Infinity)) continue;
      hops.set(place, rest);
      next.set(place, step);
    }
  }
  const route: number[] = [];
  for (let place = next.get(leg.source); place !== undefined; place = next.get(place)) route.push(place);
  return route;
}

/** Steps that skip no listed minor, and those into the minor that `guideline` itself goes to from here. */
function walkedSteps(graph: Graph, leg: Leg, place: number): readonly number[] {
  const steps = leg.steps(place);
  const own = graph.minor[place]!;
  if (steps.every((step) => graph.minor[step]! <= own + 1)) return steps;
  const guided = graph.minor[guidelineStep(graph, leg, place)!];
  return steps.filter((step) => graph.minor[step]! <= own + 1 || graph.minor[step] === guided);
}
