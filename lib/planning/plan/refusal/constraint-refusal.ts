import { compareVersions, type Version } from "../../version/version.js";
import { findRouteTo } from "../search/choice.js";
import type { RouteQuery } from "../search/route-query.js";
import { describePair } from "./refusal-text.js";
import { findNeighbours } from "../search/target.js";
import { formatList } from "./list-text.js";

/** A constraint that leaves no route although the rows do. */
interface ConstraintFault {
  code: "VIA_NOT_ON_ROUTE" | "AVOID_LEAVES_NO_ROUTE";
  message: string;
  /** Releases at which no route may stop, for the facts of the refusal. */
  avoid: Version[];
}

/** Explains which constraint is at fault and what it costs; null if there is no route without constraints either. */
export function explainConstraint(query: RouteQuery, goals: readonly Version[]): ConstraintFault | null {
  const unconstrained = findBestRoute({ ...query, via: [], avoid: [] }, goals);
  if (unconstrained === null) return null;
  const withoutVia = findBestRoute({ ...query, via: [] }, goals);
  return withoutVia === null ? explainAvoid(query, goals, unconstrained) : explainVia(query, goals, withoutVia);
}

/** Finds the route to the highest goal that has one. */
function findBestRoute(query: RouteQuery, goals: readonly Version[]): Version[] | null {
  for (const goal of [...goals].reverse()) {
    const route = findRouteTo(query, goal);
    if (route !== null) return route;
  }
  return null;
}

function explainAvoid(query: RouteQuery, goals: readonly Version[], unconstrained: Version[]): ConstraintFault {
  const base = { ...query, via: [] };
  const alone = query.avoid.filter(
    (allowed) =>
      findBestRoute({ ...base, avoid: query.avoid.filter((version) => version !== allowed) }, goals) !== null,
  );
  const atFault = alone.length > 0 ? alone : query.avoid;
  const isTarget = query.target.exact !== null && query.avoid.includes(query.target.exact);
  const why = isTarget
    ? "the target itself is to be avoided"
    : `without avoid the route is ${formatList(unconstrained.slice(1), 12)}`;
  const remedy =
    alone.length > 0
      ? `allow ${formatList(alone).replace(/ and (?=\S+$)/, " or ")}`
      : `allow some of ${formatList(atFault)}`;
  return {
    code: "AVOID_LEAVES_NO_ROUTE",
    message: `Avoiding ${formatList(atFault)} leaves no supported route from ${describePair(query)} in ${query.matrix.id}: ${why}; ${remedy}${isTarget ? " or choose another target" : ""}.`,
    avoid: query.avoid,
  };
}

function explainVia(query: RouteQuery, goals: readonly Version[], route: Version[]): ConstraintFault {
  const { stop, why } = findOffendingStop(query, goals);
  const rest = route.length === 1 ? "nothing needs to be done" : `the route is ${formatList(route.slice(1), 12)}`;
  return {
    code: "VIA_NOT_ON_ROUTE",
    message: `${stop} (via) is on no supported route from ${describePair(query)} in ${query.matrix.id}: ${why}; without via ${rest}; leave ${stop} out of via or name another stop.`,
    avoid: [],
  };
}

/** Finds the first requested stop that is not possible, and why. */
function findOffendingStop(query: RouteQuery, goals: readonly Version[]): { stop: Version; why: string } {
  const { graph, via } = query;
  const highest = goals.at(-1)!;
  const named = query.target.exact ?? `"${query.target.text}"`;
  const round = query.avoid.length === 0 ? "" : ` round ${formatList(query.avoid)}`;
  let before = query.from;
  for (const stop of via) {
    const node = graph.nodeOf(stop);
    if (node < 0) {
      const nearest = formatList(findNeighbours(stop, graph.versions));
      return { stop, why: `it is not listed there, the nearest listed releases are ${nearest}` };
    }
    if (compareVersions(stop, highest) > 0) return { stop, why: `it is newer than ${highest}` };
    const leg = { ...query, from: before, source: graph.nodeOf(before), via: [] };
    if (findRouteTo(leg, stop) === null) return { stop, why: `no route leads to it from ${before}${round}` };
    const onward = { ...query, from: stop, source: node, via: [] };
    if (findBestRoute(onward, goals) === null) return { stop, why: `no route leads on from it to ${named}${round}` };
    before = stop;
  }
  return { stop: via.at(-1)!, why: `the stops ${formatList(via)} do not lie on one route` };
}
