import type { Matrix } from "../../matrix/types.js";
import { compareVersions, type Version } from "../../version/version.js";
import { getGraph } from "./graph.js";

/**
 * True if in this matrix neither a later minor nor the matrix's newest version can be reached from `version`. The
 * newest version itself is not a dead end; a version that the matrix does not list is one.
 */
export function isDeadEnd(version: Version, matrix: Matrix): boolean {
  const graph = getGraph(matrix);
  const node = graph.nodeOf(version);
  const newest = graph.versions.length - 1;
  if (node < 0) return true;
  if (graph.reaches(node, newest)) return false;
  return !graph.minor.some((minor, later) => minor > graph.minor[node]! && graph.reaches(node, later));
}

/** Returns the newest version that a matrix lists; undefined if it lists none. */
export function getNewestVersion(matrix: Matrix): Version | undefined {
  return getGraph(matrix).versions.at(-1);
}

/** Lists the shipped matrices of the same edition and method with a newer newest version, oldest first. */
export function listNewerMatrices(matrix: Matrix, shipped: readonly Matrix[]): Matrix[] {
  const newest = getNewestVersion(matrix);
  return shipped
    .filter((other) => other.edition === matrix.edition && other.method === matrix.method)
    .filter((other) => isNewer(getNewestVersion(other), newest))
    .sort((a, b) => compareVersions(getNewestVersion(a)!, getNewestVersion(b)!));
}

/** Lists the matrices that decide on dead ends: the pinned one and, if newer, the newest shipped one of its kind. */
export function listJudgingMatrices(matrix: Matrix, shipped: readonly Matrix[]): Matrix[] {
  return [matrix, ...listNewerMatrices(matrix, shipped).slice(-1)];
}

function isNewer(a: Version | undefined, b: Version | undefined): boolean {
  return a !== undefined && (b === undefined || compareVersions(a, b) > 0);
}
