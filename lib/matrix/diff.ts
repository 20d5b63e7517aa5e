import { reachabilityOf } from "../plan/reachability.js";
import { compareVersions, minorOf, sortVersions, type Version } from "../version/version.js";
import { routeChanges, type RouteChange } from "./diff-routes.js";
import { versions } from "./lookup.js";
import type { Mark, Matrix, MatrixRow } from "./types.js";

/** A release that one matrix leads on from and the other does not. */
export interface Stranded {
  version: Version;
  /** The newest release that it reached in the older matrix. */
  before: Version;
  /** The newest release that it reaches now; null where it reaches none, or is not listed any more. */
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
  /** Releases that reached a newer minor, or the newest release, of `a`, and reach nothing as new in `b`. */
  stranded: Stranded[];
  /** Roads by the vendor's guideline that are lost, won or other ones, of all pairs. */
  routes: RouteChange[];
}

/** Compares two matrices, the older one first. */
export function diffMatrices(a: Matrix, b: Matrix): MatrixDiff {
  const [before, after] = [byPair(a), byPair(b)];
  const [listedBefore, listedAfter] = [versions(a), versions(b)];
  return {
    added: b.rows.filter((row) => !before.has(pairOf(row))),
    withdrawn: a.rows.filter((row) => !after.has(pairOf(row))),
    remarked: a.rows.flatMap((row) => {
      const now = after.get(pairOf(row));
      if (now === undefined || now.mark === row.mark) return [];
      return [{ from: row.from, to: row.to, before: row.mark, after: now.mark }];
    }),
    appeared: without(listedAfter, listedBefore),
    disappeared: without(listedBefore, listedAfter),
    stranded: strandedIn(a, b),
    routes: routeChanges(a, b),
  };
}

function strandedIn(a: Matrix, b: Matrix): Stranded[] {
  const [before, after] = [reachabilityOf(a), reachabilityOf(b)];
  const newest = before.versions.at(-1);
  return before.versions.flatMap((version) => {
    const reached = before.from(version).at(-1);
    if (reached === undefined) return [];
    const led = minorOf(reached) !== minorOf(version) || reached === newest;
    const now = after.from(version).at(-1) ?? null;
    if (!led || (now !== null && asNew(version, now, reached))) return [];
    return [{ version, before: reached, after: now, listed: after.versions.includes(version) }];
  });
}

/** True if `now` is as far as `reached`: no older, or in a minor that is no older and newer than that of `version`. */
function asNew(version: Version, now: Version, reached: Version): boolean {
  if (compareVersions(now, reached) >= 0) return true;
  const [own, there] = [minorOf(version), minorOf(now)];
  return there !== own && there === minorOf(reached);
}

function byPair(matrix: Matrix): Map<string, MatrixRow> {
  return new Map(matrix.rows.map((row) => [pairOf(row), row]));
}

function pairOf(row: MatrixRow): string {
  return `${row.from} ${row.to}`;
}

function without(versions: Version[], other: Version[]): Version[] {
  const known = new Set(other);
  return sortVersions(versions.filter((version) => !known.has(version)));
}
