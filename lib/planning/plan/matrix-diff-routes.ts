import { getGraph, type Graph } from "./search/graph.js";
import { createRouteFinder } from "./search/routes-to.js";
import { compareVersions, sortVersions, type Version } from "../version/version.js";
import type { Matrix } from "../matrix/types.js";

/** A pair of releases whose guideline route differs between two matrices. */
export interface RouteChange {
  from: Version;
  to: Version;
  /** The stops after `from`, `to` last; null if there is no route. */
  before: Version[] | null;
  after: Version[] | null;
}

/** Lists the pairs, listed in either matrix, whose route differs: newest target first, then by source. */
export function listRouteChanges(a: Matrix, b: Matrix): RouteChange[] {
  const [before, after] = [getGraph(a), getGraph(b)];
  const listed = sortVersions([...before.versions, ...after.versions]);
  return [...listed].reverse().flatMap((to) => {
    const [findRouteBefore, findRouteAfter] = [
      createVersionRouteFinder(before, to),
      createVersionRouteFinder(after, to),
    ];
    return listed.flatMap((from) => {
      if (compareVersions(from, to) >= 0) return [];
      const change = { from, to, before: findRouteBefore(from), after: findRouteAfter(from) };
      return change.before?.join() === change.after?.join() ? [] : [change];
    });
  });
}

function createVersionRouteFinder(graph: Graph, to: Version): (from: Version) => Version[] | null {
  const goal = graph.nodeOf(to);
  if (goal < 0) return () => null;
  const findRoute = createRouteFinder(graph, goal, { strategy: "guideline", walkMinors: true });
  return (from) => {
    const source = graph.nodeOf(from);
    const nodes = source < 0 ? null : findRoute(source);
    return nodes === null ? null : nodes.slice(1).map((node) => graph.versions[node]!);
  };
}
