import { type Strategy } from "../../rules/site-facts.js";
import { type Graph } from "./graph.js";
import { type Constraints, createLeg } from "./leg.js";
import { findFewestHopsRoute } from "./strategy-fewest-hops.js";
import { findGuidelineRoute } from "./strategy-guideline.js";

export interface RouteOptions extends Constraints {
  strategy: Strategy;
  /** True if there are, or may be, PCGs: then `fewest-hops` skips a minor only where `guideline` does too. */
  walkMinors: boolean;
}

export const unconstrained: Constraints = { avoid: new Set(), penalised: new Set() };

/**
 * Finds the route through all of `stops` in turn (source first, target last), each leg by the given strategy.
 *
 * @returns all nodes of the route, the source included; null if a leg has no route.
 */
export function findRouteThrough(graph: Graph, stops: readonly number[], options: RouteOptions): number[] | null {
  const route = [stops[0]!];
  for (const [turn, goal] of stops.slice(1).entries()) {
    const leg = createLeg(graph, stops[turn]!, goal, options);
    if (leg === null) return null;
    if (options.strategy === "guideline") route.push(...findGuidelineRoute(graph, leg));
    else route.push(...findFewestHopsRoute(graph, leg, options.walkMinors));
  }
  return route;
}
