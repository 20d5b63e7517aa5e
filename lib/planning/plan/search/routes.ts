import { type Strategy } from "../../rules/site-facts.js";
import { type Graph } from "./graph.js";
import { type Constraints, createLeg, createLegFromAll } from "./leg.js";
import { computeFewestHopsSteps, findFewestHopsRoute, findGuidelineRoute, findGuidelineStep } from "./strategies.js";

interface RouteOptions extends Constraints {
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

/**
 * Creates a finder of routes to one release from any source. One sweep gives the same routes as `findRouteThrough`
 * without constraints, with less work when many sources are queried.
 *
 * @returns all nodes of the route, the source included; null if there is no route.
 */
export function createRouteFinder(
  graph: Graph,
  goal: number,
  options: Pick<RouteOptions, "strategy" | "walkMinors">,
): (source: number) => number[] | null {
  const leg = createLegFromAll(graph, goal);
  const next =
    options.strategy === "guideline"
      ? computeGuidelineSteps(graph, goal)
      : computeFewestHopsSteps(graph, leg, options.walkMinors);
  return (source) => {
    if (!graph.reaches(source, goal)) return null;
    if (source < leg.source) return findRouteThrough(graph, [source, goal], { ...unconstrained, ...options });
    const route = [source];
    for (let node = next[source - leg.source]!; node !== -1; node = next[node - leg.source]!) route.push(node);
    return route;
  };
}

function computeGuidelineSteps(graph: Graph, goal: number): Int32Array {
  const leg = createLegFromAll(graph, goal);
  const next = new Int32Array(goal - leg.source + 1).fill(-1);
  for (let node = leg.source; node < goal; node++) next[node - leg.source] = findGuidelineStep(graph, leg, node) ?? -1;
  return next;
}
