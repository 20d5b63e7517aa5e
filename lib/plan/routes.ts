import type { Graph } from "./graph.js";
import { openLeg, type Constraints } from "./leg.js";
import { fewestHopsRoute } from "./strategy-fewest-hops.js";
import { guidelineRoute } from "./strategy-guideline.js";
import type { Strategy } from "./types.js";

export interface RouteOptions extends Constraints {
  strategy: Strategy;
  /** `fewest-hops` skips a minor only where `guideline` does too: true where there are, or may be, PCGs. */
  walkMinors: boolean;
}

export const unconstrained: Constraints = { avoid: new Set(), shun: new Set() };

/**
 * The road through all of `stops` in turn (source first, target last), as the strategy walks each part of it.
 *
 * @returns all places of the road, the source included; null where some part of it has no road.
 */
export function routeThrough(graph: Graph, stops: readonly number[], options: RouteOptions): number[] | null {
  const route = [stops[0]!];
  for (const [turn, goal] of stops.slice(1).entries()) {
    const leg = openLeg(graph, stops[turn]!, goal, options);
    if (leg === null) return null;
    if (options.strategy === "guideline") route.push(...guidelineRoute(graph, leg));
    else route.push(...fewestHopsRoute(graph, leg, options.walkMinors));
  }
  return route;
}
