import { type Graph } from "./graph.js";
import { type Leg } from "./leg.js";

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
