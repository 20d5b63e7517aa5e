import type { Graph } from "./graph.js";
import { legFromAll } from "./leg.js";
import { routeThrough, unconstrained, type RouteOptions } from "./routes.js";
import { fewestHopsSteps } from "./strategy-fewest-hops.js";
import { guidelineStep } from "./strategy-guideline.js";

/**
 * The roads to one release from wherever one asks, in one sweep: the same as `routeThrough` without constraints, for less
 * work where many sources are asked about.
 *
 * @returns all places of the road, the source included; null where there is no road.
 */
export function roadsTo(
  graph: Graph,
  goal: number,
  options: Pick<RouteOptions, "strategy" | "walkMinors">,
): (source: number) => number[] | null {
  const leg = legFromAll(graph, goal);
  const next =
    options.strategy === "guideline" ? guidelineSteps(graph, goal) : fewestHopsSteps(graph, leg, options.walkMinors);
  return (source) => {
    if (!graph.reaches(source, goal)) return null;
    if (source < leg.source) return routeThrough(graph, [source, goal], { ...unconstrained, ...options });
    const road = [source];
    for (let place = next[source - leg.source]!; place !== -1; place = next[place - leg.source]!) road.push(place);
    return road;
  };
}

function guidelineSteps(graph: Graph, goal: number): Int32Array {
  const leg = legFromAll(graph, goal);
  const next = new Int32Array(goal - leg.source + 1).fill(-1);
  for (let place = leg.source; place < goal; place++) next[place - leg.source] = guidelineStep(graph, leg, place) ?? -1;
  return next;
}
