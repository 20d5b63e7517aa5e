import type { Matrix } from "../matrix/types.js";
import { compareVersions, type Version } from "../version/version.js";
import { graphOf } from "./graph.js";

/**
 * True if in this matrix neither a later minor nor the matrix's own newest version can be reached from `version`. The newest
 * version itself is none; a version the matrix does not list is one.
 */
export function isDeadEnd(version: Version, matrix: Matrix): boolean {
  const graph = graphOf(matrix);
  const place = graph.placeOf(version);
  const newest = graph.versions.length - 1;
  if (place < 0) return true;
  if (graph.reaches(place, newest)) return false;
  return !graph.minor.some((minor, later) => minor > graph.minor[place]! && graph.reaches(place, later));
}

/** The newest version a matrix lists; undefined where it lists none. */
export function newestListed(matrix: Matrix): Version | undefined {
  return graphOf(matrix).versions.at(-1);
}

/** Shipped matrices of the same edition and method whose newest version is newer than that of `matrix`, oldest first. */
export function newerShipped(matrix: Matrix, shipped: readonly Matrix[]): Matrix[] {
  const newest = newestListed(matrix);
  return shipped
    .filter((other) => other.edition === matrix.edition && other.method === matrix.method)
    .filter((other) => isNewer(newestListed(other), newest))
    .sort((a, b) => compareVersions(newestListed(a)!, newestListed(b)!));
}

/** Where dead ends are judged: the pinned matrix, and the newest shipped one of its kind when that is newer. */
export function judgingMatrices(matrix: Matrix, shipped: readonly Matrix[]): Matrix[] {
  return [matrix, ...newerShipped(matrix, shipped).slice(-1)];
}

function isNewer(a: Version | undefined, b: Version | undefined): boolean {
  return a !== undefined && (b === undefined || compareVersions(a, b) > 0);
}
