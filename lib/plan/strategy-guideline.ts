import type { Graph } from "./graph.js";
import type { Leg } from "./leg.js";

/**
 * The vendor's rule made safe, one step of it: within the minor as far as it leads on, else to the lowest next minor that a
 * row reaches, and in it as far as it leads on. The goal is the highest step wherever a row leads to it, because no step
 * goes past it.
 *
 * @returns the place to go to; undefined at the goal.
 */
export function guidelineStep(graph: Graph, leg: Leg, place: number): number | undefined {
  const steps = leg.steps(place);
  const lowest = steps[0];
  if (lowest === undefined) return undefined;
  // Steps are sorted, so the first of them is in the own minor if any is, else in the lowest next one.
  return steps.findLast((step) => graph.minor[step] === graph.minor[lowest]);
}

/** The places of the road after `leg.source`, the goal last. */
export function guidelineRoute(graph: Graph, leg: Leg): number[] {
  const route: number[] = [];
  let next = guidelineStep(graph, leg, leg.source);
  while (next !== undefined) {
    route.push(next);
    next = guidelineStep(graph, leg, next);
  }
  return route;
}
