import { computeReachability } from "./search/reachability.js";
import { compareVersions, getMinor, sortVersions, type Version } from "../version/version.js";
import { listVersions } from "../matrix/lookup.js";
import { type Mark, type Matrix, type MatrixRow } from "../matrix/types.js";
import { getGraph, type Graph } from "./search/graph.js";
import { createRouteFinder } from "./search/routes.js";

/** A release with an onward route in one matrix and none in the other. */
export interface Stranded {
  version: Version;
  /** The newest release that it reached in the older matrix. */
  before: Version;
  /** The newest release it reaches now; null if it reaches none or is no longer listed. */
  after: Version | null;
  listed: boolean;
}

/** What changed from matrix `a` to matrix `b`. Rows in page order, versions oldest first. */
export interface MatrixDiff {
  added: MatrixRow[];
  withdrawn: MatrixRow[];
  remarked: { from: string; to: string; before: Mark; after: Mark }[];
  appeared: Version[];
  disappeared: Version[];
  /** Releases that reached a newer minor, or the newest release, in `a`, and reach nothing as new in `b`. */
  stranded: Stranded[];
  /** Guideline routes, over all pairs, that were lost, added or changed. */
  routes: RouteChange[];
}

/** Compares two matrices, the older one first. */
export function diffMatrices(a: Matrix, b: Matrix): MatrixDiff {
  const [before, after] = [indexByPair(a), indexByPair(b)];
  const [listedBefore, listedAfter] = [listVersions(a), listVersions(b)];
  return {
    added: b.rows.filter((row) => !before.has(formatPair(row))),
    withdrawn: a.rows.filter((row) => !after.has(formatPair(row))),
    remarked: a.rows.flatMap((row) => {
      const now = after.get(formatPair(row));
      if (now === undefined || now.mark === row.mark) return [];
      return [{ from: row.from, to: row.to, before: row.mark, after: now.mark }];
    }),
    appeared: excludeVersions(listedAfter, listedBefore),
    disappeared: excludeVersions(listedBefore, listedAfter),
    stranded: findStranded(a, b),
    routes: listRouteChanges(a, b),
  };
}

function findStranded(a: Matrix, b: Matrix): Stranded[] {
  const [before, after] = [computeReachability(a), computeReachability(b)];
  const newest = before.versions.at(-1);
  return before.versions.flatMap((version) => {
    const reached = before.from(version).at(-1);
    if (reached === undefined) return [];
    const led = getMinor(reached) !== getMinor(version) || reached === newest;
    const now = after.from(version).at(-1) ?? null;
    if (!led || (now !== null && isAsNew(version, now, reached))) return [];
    return [{ version, before: reached, after: now, listed: after.versions.includes(version) }];
  });
}

/** True if `now` is no older than `reached`, or in the minor of `reached` and not in that of `version`. */
function isAsNew(version: Version, now: Version, reached: Version): boolean {
  if (compareVersions(now, reached) >= 0) return true;
  const [own, there] = [getMinor(version), getMinor(now)];
  return there !== own && there === getMinor(reached);
}

function indexByPair(matrix: Matrix): Map<string, MatrixRow> {
  return new Map(matrix.rows.map((row) => [formatPair(row), row]));
}

function formatPair(row: MatrixRow): string {
  return `${row.from} ${row.to}`;
}

function excludeVersions(versions: Version[], other: Version[]): Version[] {
  const known = new Set(other);
  return sortVersions(versions.filter((version) => !known.has(version)));
}

/** A pair of releases whose guideline route differs between two matrices. */
interface RouteChange {
  from: Version;
  to: Version;
  /** The stops after `from`, `to` last; null if there is no route. */
  before: Version[] | null;
  after: Version[] | null;
}

/** Lists the pairs, listed in either matrix, whose route differs: newest target first, then by source. */
function listRouteChanges(a: Matrix, b: Matrix): RouteChange[] {
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
