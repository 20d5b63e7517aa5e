import type { Graph } from "./graph.js";

/** What a road may not, or should not, stop at on the way; places of the graph. */
export interface Constraints {
  /** Never a stop on the way. */
  avoid: ReadonlySet<number>;
  /** Stops that are left out wherever another road exists. */
  shun: ReadonlySet<number>;
}

/** The part of the graph a road from `source` to `goal` may use. */
export interface Leg {
  source: number;
  goal: number;
  /**
   * Where one may go from a place, lowest first: only places from which the goal can still be reached, never past it, and
   * among these only such as keep the number of shunned stops lowest.
   */
  steps(place: number): readonly number[];
}

const none: readonly number[] = [];

/** Opens the way from `source` to `goal`, or tells by null that the constraints or the rows leave none. */
export function openLeg(graph: Graph, source: number, goal: number, constraints: Constraints): Leg | null {
  if (!graph.reaches(source, goal)) return null;
  if (isUnconstrained(graph, source, goal, constraints)) return freeLeg(graph, source, goal);
  const passable = (place: number): boolean => place === source || place === goal || !constraints.avoid.has(place);
  const crossings = majorCrossings(graph, source, goal, passable);
  const mayTake = (from: number, to: number): boolean =>
    graph.major[from] === graph.major[to] || crossings.get(graph.major[from]!) === from;
  const steps = cheapestSteps(graph, { source, goal, passable, mayTake, shun: constraints.shun });
  if (source !== goal && !steps.has(source)) return null;
  return { source, goal, steps: (place) => steps.get(place) ?? none };
}

/** All roads to `goal` from releases of its own major, without constraints: such roads do not depend on where they begin. */
export function legFromAll(graph: Graph, goal: number): Leg {
  const oldest = graph.major.findIndex((major) => major === graph.major[goal]);
  return freeLeg(graph, oldest, goal);
}

function freeLeg(graph: Graph, source: number, goal: number): Leg {
  return { source, goal, steps: (place) => graph.ahead[place]!.filter((next) => graph.reaches(next, goal)) };
}

/** Then what reaches the goal is known already, and no sweep is needed. */
function isUnconstrained(graph: Graph, source: number, goal: number, { avoid, shun }: Constraints): boolean {
  return avoid.size === 0 && shun.size === 0 && graph.major[source] === graph.major[goal];
}

interface Sweep {
  source: number;
  goal: number;
  passable: (place: number) => boolean;
  mayTake: (from: number, to: number) => boolean;
  shun: ReadonlySet<number>;
}

/** From the goal down: for each place that reaches it, the next places with the fewest shunned stops still ahead. */
function cheapestSteps(graph: Graph, sweep: Sweep): Map<number, number[]> {
  const { source, goal, passable, mayTake, shun } = sweep;
  const tolls = new Map<number, number>([[goal, 0]]);
  const steps = new Map<number, number[]>();
  for (let place = goal - 1; place >= source; place--) {
    if (!passable(place)) continue;
    let lowest = Infinity;
    let open: number[] = [];
    for (const next of graph.ahead[place]!) {
      if (next > goal) break;
      const rest = tolls.get(next);
      if (rest === undefined || !mayTake(place, next)) continue;
      const toll = rest + (next !== goal && shun.has(next) ? 1 : 0);
      if (toll < lowest) [lowest, open] = [toll, [next]];
      else if (toll === lowest) open.push(next);
    }
    if (open.length === 0) continue;
    tolls.set(place, lowest);
    steps.set(place, open);
  }
  return steps;
}

/**
 * By first number, the only release from which the road may leave it: the highest listed one where it leads on and can be
 * reached, else the highest that does. A first number that is never left on the way to the goal has no entry.
 */
function majorCrossings(
  graph: Graph,
  source: number,
  goal: number,
  passable: (place: number) => boolean,
): Map<number, number> {
  const crossings = new Map<number, number>();
  if (graph.major[source] === graph.major[goal]) return crossings;
  const anywhere = { source, goal, passable, mayTake: () => true, shun: new Set<number>() };
  const onward = cheapestSteps(graph, anywhere);
  const arrived = new Set([source]);
  let crossing = -1;
  for (let place = source; place < goal; place++) {
    const next = arrived.has(place) ? (onward.get(place) ?? none) : none;
    for (const to of next) if (graph.major[to] === graph.major[place]) arrived.add(to);
    if (next.some((to) => graph.major[to] !== graph.major[place])) crossing = place;
    if (graph.major[place + 1] === graph.major[place] || crossing < 0) continue;
    crossings.set(graph.major[place]!, crossing);
    for (const to of onward.get(crossing)!) if (graph.major[to] !== graph.major[crossing]) arrived.add(to);
    crossing = -1;
  }
  return crossings;
}
