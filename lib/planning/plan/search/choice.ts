import type { Version } from "../../version/version.js";
import type { RouteQuery } from "./route-query.js";
import { findRouteThrough } from "./routes.js";
import { listGoals } from "./target.js";

/** The chosen release and the route to it: all its versions, the source first. */
export interface Choice {
  goal: Version;
  route: Version[];
  /** True for a series or range none of whose reachable releases has an onward route. */
  stranded: boolean;
}

/**
 * Chooses the release and the route under all constraints of the query.
 *
 * An exact target is taken as it is. For a series or range, the highest matching reachable release that is not a dead
 * end is taken (the installed one counts too); if all are dead ends, the highest reachable one.
 *
 * @returns null if no matching release can be reached under the constraints.
 */
export function chooseRoute(query: RouteQuery, isDeadEnd: (version: Version) => boolean): Choice | null {
  const choices = listGoals(query.target, query.graph.versions)
    .reverse()
    .map((goal) => ({ goal, route: findRouteTo(query, goal) }))
    .filter((choice): choice is { goal: Version; route: Version[] } => choice.route !== null);
  const highest = choices[0];
  if (highest === undefined) return null;
  if (query.target.exact !== null) return { ...highest, stranded: false };
  const leadingOn = choices.find((choice) => !isDeadEnd(choice.goal));
  return leadingOn === undefined ? { ...highest, stranded: true } : { ...leadingOn, stranded: false };
}

/** Finds the route to one release under the constraints of the query; null if there is none. */
export function findRouteTo(query: RouteQuery, goal: Version): Version[] | null {
  const { graph, source, from, via, avoid, advised } = query;
  const node = graph.nodeOf(goal);
  const stops = [source, ...via.filter((stop) => stop !== goal).map(graph.nodeOf), node];
  if (stops.includes(-1) || stops.some((stop, turn) => turn > 0 && stop < stops[turn - 1]!)) return null;
  if (goal !== from && avoid.includes(goal)) return null;
  const route = findRouteThrough(graph, stops, {
    strategy: query.strategy,
    walkMinors: query.walkMinors,
    avoid: new Set(avoid.map(graph.nodeOf)),
    penalised: new Set(advised.keys()),
  });
  return route === null ? null : route.map((stop) => graph.versions[stop]!);
}
