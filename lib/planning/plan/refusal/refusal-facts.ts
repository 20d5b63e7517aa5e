import type { MatrixRow } from "../../matrix/types.js";
import { compareVersions, getMinor, matchesPattern, sortVersions, type Version } from "../../version/version.js";
import type { RouteQuery } from "../search/route-query.js";
import { findNeighbours } from "../search/target.js";
import type { Refusal } from "../types.js";

/** What the rows say about a missing route: all of a refusal except its code, message and other matrices. */
export type RefusalFacts = Omit<Refusal, "code" | "message" | "otherMatrices">;

/**
 * Gathers the facts of a refusal.
 *
 * @param goals releases that fit the target, oldest first; for an unlisted release, the release itself.
 * @param avoid releases at which no route may stop: empty unless they are at fault.
 */
export function gatherFacts(query: RouteQuery, goals: readonly Version[], avoid: readonly Version[]): RefusalFacts {
  const routes = createOpenRoutes(query, avoid);
  const limit = goals.at(-1);
  const isUpToLimit = (version: Version): boolean => limit !== undefined && compareVersions(version, limit) <= 0;
  const reachable = routes.from(query.from).filter(isUpToLimit);
  const starts = [query.from, ...reachable];
  const isEnd = (start: Version): boolean => !goals.includes(start) && !routes.next(start).some(isUpToLimit);
  const frontier = starts.filter((start) => isUpToLimit(start) && isEnd(start));
  const reaching = sortVersions(goals.flatMap((goal) => routes.to(goal)));
  return {
    reachable,
    highestReachable: reachable.at(-1) ?? null,
    frontier,
    nearest: findNeighbours(
      query.from,
      reaching.filter((version) => !goals.includes(version)),
    ),
    refusedBy: listRowsInTheWay(query, starts, [...reaching, ...goals]),
    nearMisses: findNearMisses(
      [query.from, ...frontier].filter((version) => !reaching.includes(version)),
      reaching.filter((version) => !goals.includes(version)),
    ),
  };
}

interface OpenRoutes {
  /** Releases one hop away. */
  next(version: Version): Version[];
  from(version: Version): Version[];
  to(version: Version): Version[];
}

/** Creates reachability without the avoided releases. An unlisted release reaches nothing. */
function createOpenRoutes({ graph }: RouteQuery, avoid: readonly Version[]): OpenRoutes {
  const closed = new Set(avoid.map(graph.nodeOf));
  const isOpen = (node: number): boolean => !closed.has(node);
  const listNext = (node: number): number[] => (graph.successors[node] ?? []).filter(isOpen);
  const reaches = closed.size === 0 ? graph.reaches : createReachesCheck(graph.versions.length, listNext);
  const toVersions = (nodes: number[]): Version[] => nodes.map((node) => graph.versions[node]!);
  const all = graph.versions.map((_, node) => node).filter(isOpen);
  const nodeOf = graph.nodeOf;
  return {
    next: (version) => toVersions(listNext(nodeOf(version))),
    from: (version) =>
      nodeOf(version) < 0 ? [] : toVersions(all.filter((to) => to !== nodeOf(version) && reaches(nodeOf(version), to))),
    to: (version) =>
      nodeOf(version) < 0 || !isOpen(nodeOf(version))
        ? []
        : toVersions(all.filter((from) => from !== nodeOf(version) && reaches(from, nodeOf(version)))),
  };
}

function createReachesCheck(count: number, next: (node: number) => number[]): (from: number, to: number) => boolean {
  const reached: Set<number>[] = [];
  for (let node = count - 1; node >= 0; node--) {
    reached[node] = new Set([node, ...next(node).flatMap((step) => [...reached[step]!])]);
  }
  return (from, to) => reached[from]!.has(to);
}

/** Lists rows that refuse, or make conditional, a pair from a reachable release to a goal or one that reaches it. */
function listRowsInTheWay({ matrix }: RouteQuery, starts: readonly Version[], ends: readonly Version[]): MatrixRow[] {
  const isHelpful = (row: MatrixRow): boolean =>
    starts.some(
      (start) =>
        matchesPattern(row.from, start) &&
        ends.some((end) => matchesPattern(row.to, end) && compareVersions(start, end) < 0),
    );
  return matrix.rows.filter((row) => row.mark !== "supported" && isHelpful(row)).sort(compareByPatterns);
}

/** Finds candidates of the same minor as a release at fault, at most two patches away from it. */
function findNearMisses(atFault: readonly Version[], candidates: readonly Version[]): Version[] {
  const isNear = (version: Version): boolean =>
    atFault.some(
      (fault) => getMinor(fault) === getMinor(version) && Math.abs(getPatch(fault) - getPatch(version)) <= 2,
    );
  return sortVersions(candidates).filter((version) => !atFault.includes(version) && isNear(version));
}

/** Finds listed releases of the same minor as an unlisted release, at most two patches away from it. */
export function findCloseVersions(version: Version, listed: readonly Version[]): Version[] {
  return findNearMisses([version], listed);
}

/** Compares rows by version; a wildcard comes before the releases of its minor. */
function compareByPatterns(a: MatrixRow, b: MatrixRow): number {
  return (
    compareVersions(toLowestVersion(a.from), toLowestVersion(b.from)) ||
    compareVersions(toLowestVersion(a.to), toLowestVersion(b.to))
  );
}

function toLowestVersion(pattern: string): Version {
  return pattern.replace(/x$/, "0");
}

function getPatch(version: Version): number {
  return Number(version.split(".")[2]);
}
