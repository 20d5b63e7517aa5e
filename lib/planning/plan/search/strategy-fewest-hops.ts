import type { Graph } from "./graph.js";
import type { Leg } from "./leg.js";
import { findGuidelineStep } from "./strategy-guideline.js";

/**
 * Finds the nodes of the route after `leg.source`, the goal last: as few hops as the rows allow and, among such routes,
 * the one with the latest releases, compared hop by hop from the first.
 *
 * @param walkMinors true with PCGs: a minor is skipped only where `guideline` does too.
 */
export function findFewestHopsRoute(graph: Graph, leg: Leg, walkMinors: boolean): number[] {
  const next = computeFewestHopsSteps(graph, leg, walkMinors);
  const route: number[] = [];
  for (let node = next[0]!; node !== -1; node = next[node - leg.source]!) route.push(node);
  return route;
}

/** Computes, by distance from `leg.source`, the next node; -1 at the goal and where the goal cannot be reached. */
export function computeFewestHopsSteps(graph: Graph, leg: Leg, walkMinors: boolean): Int32Array {
  const hops = new Int32Array(leg.goal - leg.source + 1).fill(-1);
  const next = new Int32Array(leg.goal - leg.source + 1).fill(-1);
  hops[leg.goal - leg.source] = 0;
  for (let node = leg.goal - 1; node >= leg.source; node--) {
    let fewest = -1;
    for (const step of walkMinors ? listWalkedSteps(graph, leg, node) : leg.steps(node)) {
      const rest = hops[step - leg.source]! + 1;
      // `>`, not `>=`: steps come lowest first, so of equally short routes the one with the latest release wins.
      if (rest === 0 || (fewest !== -1 && rest > fewest)) continue;
      fewest = rest;
      next[node - leg.source] = step;
    }
    hops[node - leg.source] = fewest;
  }
  return next;
}

/** Lists the steps that skip no listed minor, and those into the minor that `guideline` goes to from here. */
function listWalkedSteps(graph: Graph, leg: Leg, node: number): readonly number[] {
  const steps = leg.steps(node);
  const own = graph.minor[node]!;
  if (steps.every((step) => graph.minor[step]! <= own + 1)) return steps;
  const guided = graph.minor[findGuidelineStep(graph, leg, node)!];
  return steps.filter((step) => graph.minor[step]! <= own + 1 || graph.minor[step] === guided);
}
