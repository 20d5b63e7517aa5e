import type { Graph } from "./graph.js";
import type { Leg } from "./leg.js";

/**
 * Finds one step of the vendor's rule, restricted to nodes that lead on: as far as possible within the minor, else into
 * the lowest next minor that a row reaches, and there as far as possible. The goal is the highest step wherever a row
 * leads to it, because no step goes past it.
 *
 * @returns the next node; undefined at the goal.
 */
export function findGuidelineStep(graph: Graph, leg: Leg, node: number): number | undefined {
  const steps = leg.steps(node);
  const lowest = steps[0];
  if (lowest === undefined) return undefined;
  // Steps are sorted, so the first of them is in the own minor if any is, else in the lowest next one.
  return steps.findLast((step) => graph.minor[step] === graph.minor[lowest]);
}

/** Finds the nodes of the route after `leg.source`, the goal last. */
export function findGuidelineRoute(graph: Graph, leg: Leg): number[] {
  const route: number[] = [];
  let next = findGuidelineStep(graph, leg, leg.source);
  while (next !== undefined) {
    route.push(next);
    next = findGuidelineStep(graph, leg, next);
  }
  return route;
}
