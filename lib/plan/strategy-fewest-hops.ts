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
  const next = fewestHopsSteps(graph, leg, walkMinors);
  const route: number[] = [];
  for (let place = next[0]!; place !== -1; place = next[place - leg.source]!) route.push(place);
  return route;
}

/** By distance from `leg.source`: the place to go to next; -1 at the goal and where it cannot be reached. */
export function fewestHopsSteps(graph: Graph, leg: Leg, walkMinors: boolean): Int32Array {
  const hops = new Int32Array(leg.goal - leg.source + 1).fill(-1);
  const next = new Int32Array(leg.goal - leg.source + 1).fill(-1);
  hops[leg.goal - leg.source] = 0;
  for (let place = leg.goal - 1; place >= leg.source; place--) {
    let fewest = -1;
    for (const step of walkMinors ? walkedSteps(graph, leg, place) : leg.steps(place)) {
      const rest = hops[step - leg.source]! + 1;
      // `>`, not `>=`: steps come lowest first, so of equally short ways the latest release wins.
      if (rest === 0 || (fewest !== -1 && rest > fewest)) continue;
      fewest = rest;
      next[place - leg.source] = step;
    }
    hops[place - leg.source] = fewest;
  }
  return next;
}

/** Steps that skip no listed minor, and those into the minor that `guideline` itself goes to from here. */
function walkedSteps(graph: Graph, leg: Leg, place: number): readonly number[] {
  const steps = leg.steps(place);
  const own = graph.minor[place]!;
  if (steps.every((step) => graph.minor[step]! <= own + 1)) return steps;
  const guided = graph.minor[guidelineStep(graph, leg, place)!];
  return steps.filter((step) => graph.minor[step]! <= own + 1 || graph.minor[step] === guided);
}
