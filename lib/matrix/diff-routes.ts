import { graphOf, type Graph } from "../plan/graph.js";
import { roadsTo } from "../plan/roads-to.js";
import { compareVersions, sortVersions, type Version } from "../version/version.js";
import type { Matrix } from "./types.js";

/** A pair of releases whose road by the vendor's guideline is not the same in two matrices. */
export interface RouteChange {
  from: Version;
  to: Version;
  /** The stops after `from`, `to` last; null where there is no road. */
  before: Version[] | null;
  after: Version[] | null;
}

/** Pairs listed in either matrix whose road differs: the newest target first, then by source. */
export function routeChanges(a: Matrix, b: Matrix): RouteChange[] {
  const [before, after] = [graphOf(a), graphOf(b)];
  const listed = sortVersions([...before.versions, ...after.versions]);
  return [...listed].reverse().flatMap((to) => {
    const [roadBefore, roadAfter] = [roadFinder(before, to), roadFinder(after, to)];
    return listed.flatMap((from) => {
      if (compareVersions(from, to) >= 0) return [];
      const change = { from, to, before: roadBefore(from), after: roadAfter(from) };
      return change.before?.join() === change.after?.join() ? [] : [change];
    });
  });
}

function roadFinder(graph: Graph, to: Version): (from: Version) => Version[] | null {
  const goal = graph.placeOf(to);
  if (goal < 0) return () => null;
  const road = roadsTo(graph, goal, { strategy: "guideline", walkMinors: true });
  return (from) => {
    const source = graph.placeOf(from);
    const places = source < 0 ? null : road(source);
    return places === null ? null : places.slice(1).map((place) => graph.versions[place]!);
  };
}
