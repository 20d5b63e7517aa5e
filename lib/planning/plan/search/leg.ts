import type { Graph } from "./graph.js";

/** Nodes at which a route must not, or should not, stop on the way. */
export interface Constraints {
  /** Never a stop on the way. */
  avoid: ReadonlySet<number>;
  /** Stops that are avoided wherever another route exists. */
  penalised: ReadonlySet<number>;
}

/** The part of the graph that a route from `source` to `goal` may use. */
export interface Leg {
  source: number;
  goal: number;
  /**
   * The next nodes from a node, lowest first: only nodes from which the goal can still be reached, never past it, and
   * of these only the ones with the fewest penalised stops.
   */
  steps(node: number): readonly number[];
}

const none: readonly number[] = [];

/** Creates the leg from `source` to `goal`; null if the constraints or the rows leave no route. */
export function createLeg(graph: Graph, source: number, goal: number, constraints: Constraints): Leg | null {
  if (!graph.reaches(source, goal)) return null;
  if (isUnconstrained(graph, source, goal, constraints)) return createUnconstrainedLeg(graph, source, goal);
  const isPassable = (node: number): boolean => node === source || node === goal || !constraints.avoid.has(node);
  const crossings = findMajorCrossings(graph, source, goal, isPassable);
  const canTake = (from: number, to: number): boolean =>
    graph.major[from] === graph.major[to] || crossings.get(graph.major[from]!) === from;
  const steps = findCheapestSteps(graph, { source, goal, isPassable, canTake, penalised: constraints.penalised });
  if (source !== goal && !steps.has(source)) return null;
  return { source, goal, steps: (node) => steps.get(node) ?? none };
}

/** Creates the unconstrained leg to `goal` from all releases of its major; its routes do not depend on the source. */
export function createLegFromAll(graph: Graph, goal: number): Leg {
  const oldest = graph.major.findIndex((major) => major === graph.major[goal]);
  return createUnconstrainedLeg(graph, oldest, goal);
}

function createUnconstrainedLeg(graph: Graph, source: number, goal: number): Leg {
  return { source, goal, steps: (node) => graph.successors[node]!.filter((next) => graph.reaches(next, goal)) };
}

/** True if no constraint applies: then reachability is already known and no sweep is needed. */
function isUnconstrained(graph: Graph, source: number, goal: number, { avoid, penalised }: Constraints): boolean {
  return avoid.size === 0 && penalised.size === 0 && graph.major[source] === graph.major[goal];
}

interface Sweep {
  source: number;
  goal: number;
  isPassable: (node: number) => boolean;
  canTake: (from: number, to: number) => boolean;
  penalised: ReadonlySet<number>;
}

/** Finds, from the goal down, for each node that reaches it the next nodes with the fewest penalised stops ahead. */
function findCheapestSteps(graph: Graph, sweep: Sweep): Map<number, number[]> {
  const { source, goal, isPassable, canTake, penalised } = sweep;
  const penalties = new Map<number, number>([[goal, 0]]);
  const steps = new Map<number, number[]>();
  for (let node = goal - 1; node >= source; node--) {
    if (!isPassable(node)) continue;
    let lowest = Infinity;
    let open: number[] = [];
    for (const next of graph.successors[node]!) {
      if (next > goal) break;
      const onwardPenalty = penalties.get(next);
      if (onwardPenalty === undefined || !canTake(node, next)) continue;
      const penalty = onwardPenalty + (next !== goal && penalised.has(next) ? 1 : 0);
      if (penalty < lowest) [lowest, open] = [penalty, [next]];
      else if (penalty === lowest) open.push(next);
    }
    if (open.length === 0) continue;
    penalties.set(node, lowest);
    steps.set(node, open);
  }
  return steps;
}

/**
 * Finds for each major the only release from which the route may leave it: the highest listed one if it leads on and
 * can be reached, else the highest that does. A major that is never left on the way to the goal has no entry.
 */
function findMajorCrossings(
  graph: Graph,
  source: number,
  goal: number,
  isPassable: (node: number) => boolean,
): Map<number, number> {
  const crossings = new Map<number, number>();
  if (graph.major[source] === graph.major[goal]) return crossings;
  const anywhere = { source, goal, isPassable, canTake: () => true, penalised: new Set<number>() };
  const onward = findCheapestSteps(graph, anywhere);
  const arrived = new Set([source]);
  let crossing = -1;
  for (let node = source; node < goal; node++) {
    const next = arrived.has(node) ? (onward.get(node) ?? none) : none;
    for (const to of next) if (graph.major[to] === graph.major[node]) arrived.add(to);
    if (next.some((to) => graph.major[to] !== graph.major[node])) crossing = node;
    if (graph.major[node + 1] === graph.major[node] || crossing < 0) continue;
    crossings.set(graph.major[node]!, crossing);
    for (const to of onward.get(crossing)!) if (graph.major[to] !== graph.major[crossing]) arrived.add(to);
    crossing = -1;
  }
  return crossings;
}
