/** Graph libraries that one would otherwise take for the job, each behind the same two questions. */
import * as graphlib from "@dagrejs/graphlib";
import { DirectedGraph } from "graphology";
import { bidirectional, singleSource } from "graphology-shortest-path/unweighted.js";
import type { Matrix } from "../lib/planning/matrix/types.js";
import { indexEdges } from "../lib/planning/matrix/lookup.js";
import { getGraph } from "../lib/planning/plan/search/graph.js";
import { createRouteFinder, findRouteThrough, unconstrained } from "../lib/planning/plan/search/routes.js";

/** One way to answer; `prepare` builds whatever the questions need, its time counts. */
export interface Contender {
  name: string;
  prepare(matrix: Matrix): Prepared;
}

export interface Prepared {
  count: number;
  /** How many releases can be reached from the release at `place`. */
  reachableFrom(place: number): number;
  /** A route with as few hops as possible, by places; its number of hops, -1 where there is none. */
  hopsBetween(from: number, to: number): number;
  /** A route with as few hops as possible for every pair of releases: how many there are. */
  allRoutes(): number;
}

/** This project's planner: reachability of all pairs when it is made, each route by a sweep of its own. */
export const planner: Contender = {
  name: "palette-upgrade",
  prepare(matrix) {
    // A copy has a graph of its own, so that nothing is remembered from an earlier turn.
    const graph = getGraph({ ...matrix });
    const count = graph.versions.length;
    const hopsBetween = (from: number, to: number): number => {
      const options = { ...unconstrained, strategy: "fewest-hops", walkMinors: false } as const;
      return (findRouteThrough(graph, [from, to], options)?.length ?? 0) - 1;
    };
    return {
      count,
      hopsBetween,
      reachableFrom: (place) => tally(place + 1, count, (to) => graph.reaches(place, to)),
      allRoutes: () =>
        sum(count, (goal) => {
          const routeFrom = createRouteFinder(graph, goal, { strategy: "fewest-hops", walkMinors: false });
          return tally(0, goal, (from) => routeFrom(from) !== null);
        }),
    };
  },
};

const graphology: Contender = {
  name: "graphology",
  prepare(matrix) {
    const { listed, targets } = indexEdges(matrix);
    const graph = new DirectedGraph();
    for (const place of listed.keys()) graph.addNode(String(place));
    targets.forEach((all, from) => all.forEach((to) => graph.addDirectedEdge(String(from), String(to))));
    const routes = (place: number): number => Object.keys(singleSource(graph, String(place))).length - 1;
    return {
      count: listed.length,
      reachableFrom: routes,
      allRoutes: () => sum(listed.length, routes),
      hopsBetween: (from, to) => (bidirectional(graph, String(from), String(to))?.length ?? 0) - 1,
    };
  },
};

const dagre: Contender = {
  name: "@dagrejs/graphlib",
  prepare(matrix) {
    const { listed, targets } = indexEdges(matrix);
    const graph = new graphlib.Graph({ directed: true });
    for (const place of listed.keys()) graph.setNode(String(place));
    targets.forEach((all, from) => all.forEach((to) => graph.setEdge(String(from), String(to))));
    const hopsTo = (from: number): ((to: number) => number) => {
      const found = graphlib.alg.dijkstra(graph, String(from));
      return (to) => {
        if (found[String(to)]!.distance === Infinity) return -1;
        let hops = 0;
        for (let at = String(to); at !== String(from); at = found[at]!.predecessor!) hops += 1;
        return hops;
      };
    };
    const routes = (place: number): number => {
      const hops = hopsTo(place);
      return tally(place + 1, listed.length, (to) => hops(to) > 0);
    };
    return {
      count: listed.length,
      reachableFrom: routes,
      allRoutes: () => sum(listed.length, routes),
      hopsBetween: (from, to) => hopsTo(from)(to),
    };
  },
};

export const libraries: readonly Contender[] = [graphology, dagre];

function sum(count: number, of: (place: number) => number): number {
  let all = 0;
  for (let place = 0; place < count; place++) all += of(place);
  return all;
}

function tally(from: number, to: number, holds: (place: number) => boolean): number {
  let count = 0;
  for (let place = from; place < to; place++) if (holds(place)) count += 1;
  return count;
}
