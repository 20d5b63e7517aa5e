import { compareVersions, getMajor, getMinor, type Version } from "../../version/version.js";
import type { RouteQuery } from "../search/route-query.js";
import type { Warning } from "../types.js";

/**
 * Lists one notice for each hop that leaves a minor (or a major) from another release than its latest patch, which the
 * page requires: what the rule says, why the route deviates, and what it does instead.
 */
export function listPageRuleNotices(query: RouteQuery, route: readonly Version[]): Warning[] {
  return route.slice(1).flatMap((to, turn) => {
    const from = route[turn]!;
    const isMajor = getMajor(from) !== getMajor(to);
    if (!isMajor && getMinor(from) === getMinor(to)) return [];
    const peers = query.graph.versions.filter((version) =>
      isMajor ? getMajor(version) === getMajor(from) : getMinor(version) === getMinor(from),
    );
    const asked = peers.at(-1)!;
    if (asked === from) return [];
    const rule = isMajor
      ? `The page says a major upgrade starts from the latest patch of the latest minor (${asked})`
      : `The page says latest patch first (${asked})`;
    const goal = findNextFixedStop(query, route, turn + 1);
    const clauses = [rule, explainDeviation(query, from, asked, goal), describeActualHop(query, from, to, peers, goal)];
    return [{ code: "PAGE_RULE", message: `${clauses.filter((clause) => clause !== "").join("; ")}.` }];
  });
}

/** Finds the first mandatory stop from `turn` on: a requested one, the source of a major hop, or the target. */
function findNextFixedStop({ via }: RouteQuery, route: readonly Version[], turn: number): Version {
  const isFixed = (stop: Version, at: number): boolean => {
    const next = route[at + 1];
    return via.includes(stop) || next === undefined || getMajor(next) !== getMajor(stop);
  };
  return route.find((stop, at) => at >= turn && isFixed(stop, at))!;
}

/** Explains why the route does not leave from `asked`; empty if only the strategy chose so. */
function explainDeviation(query: RouteQuery, from: Version, asked: Version, goal: Version): string {
  const { graph, avoid, advised } = query;
  const [node, end, start] = [graph.nodeOf(asked), graph.nodeOf(goal), graph.nodeOf(from)];
  if (avoid.includes(asked)) return `${asked} is left out as asked (avoid)`;
  const onward = graph.successors[node]!;
  if (onward.length === 0) return `no row leads on from ${asked}`;
  if (!graph.reaches(node, end)) return `no route leads on from ${asked} to ${goal}`;
  if (!graph.reaches(start, node)) return `no row leads from ${from} to ${asked}`;
  const advisory = advised.get(node);
  if (advisory !== undefined) return `${asked} is a stop to avoid (${advisory.id})`;
  return "";
}

function describeActualHop(
  query: RouteQuery,
  from: Version,
  to: Version,
  peers: readonly Version[],
  goal: Version,
): string {
  const { graph, strategy } = query;
  const later = peers.filter((peer) => compareVersions(peer, from) > 0).map(graph.nodeOf);
  const [start, end, next] = [graph.nodeOf(from), graph.nodeOf(goal), graph.nodeOf(to)];
  const usable = later.filter((node) => graph.reaches(start, node) && graph.reaches(node, end) && isOpen(query, node));
  if (usable.length > 0 && strategy === "fewest-hops") {
    return `fewest-hops goes from ${from} straight to ${to}, not by way of ${graph.versions[usable.at(-1)!]!}`;
  }
  const onlyHere = !later.some((place) => graph.successors[place]!.includes(next));
  return `${from} is the newest ${onlyHere ? "" : "within reach "}with a row to ${to}`;
}

function isOpen({ graph, avoid, advised }: RouteQuery, node: number): boolean {
  return !advised.has(node) && !avoid.includes(graph.versions[node]!);
}
