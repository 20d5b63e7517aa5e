import { isVersion, isWildcard, matchesPattern, sortVersions, type Version } from "../version/version.js";
import { type Edition, type Mark, type Matrix, type MatrixRow, type Method } from "./types.js";

/**
 * What the rows of a matrix allow (design 4). An edge leads from one exact release to another: a supported row names
 * the pair and no row refuses it. Wildcards match by minor, and only releases that the matrix lists. A refusal always
 * beats a permission; it forbids that direct hop, not longer routes. A conditional row is no edge.
 */
/** The direct hops that a matrix allows. Lists are sorted, oldest first. */
interface Edges {
  has(from: Version, to: Version): boolean;
  from(version: Version): Version[];
  to(version: Version): Version[];
}

/** The part of a matrix that decides what is allowed. */
type Rows = Pick<Matrix, "rows">;

/** Lists all exact releases of a matrix, sources and targets, oldest first. */
export function listVersions(matrix: Rows): Version[] {
  return collectVersions(matrix.rows);
}

/** The direct hops as numbers: a node is the index of a release among the sorted releases. */
interface EdgeIndex {
  listed: Version[];
  nodeOf: ReadonlyMap<Version, number>;
  /** By node: the nodes it has an edge to, lowest first. */
  targets: number[][];
}

/** Lists the direct hops that a matrix allows. */
export function listEdges(matrix: Rows): Edges {
  const { listed, nodeOf, targets } = indexEdges(matrix);
  const sources: number[][] = listed.map(() => []);
  targets.forEach((all, from) => all.forEach((to) => sources[to]!.push(from)));
  const toVersions = (nodes: number[][], version: Version): Version[] =>
    (nodes[nodeOf.get(version) ?? -1] ?? []).map((node) => listed[node]!);
  return {
    has: (from, to) => targets[nodeOf.get(from) ?? -1]?.includes(nodeOf.get(to) ?? -1) ?? false,
    from: (version) => toVersions(targets, version),
    to: (version) => toVersions(sources, version),
  };
}

/** Indexes the direct hops that a matrix allows by node. */
export function indexEdges(matrix: Rows): EdgeIndex {
  const listed = listVersions(matrix);
  const nodeOf = new Map(listed.map((version, node) => [version, node]));
  const targets: number[][] = listed.map(() => []);
  const refused = new Map<number, Set<number>>();
  for (const row of matrix.rows) {
    for (const [from, to] of listNamedPairs(row, listed, nodeOf)) {
      if (row.mark === "supported") targets[from]!.push(to);
      else refused.set(from, (refused.get(from) ?? new Set()).add(to));
    }
  }
  const allowed = targets.map((all, from) => {
    const no = refused.get(from);
    const sorted = all.sort((a, b) => a - b);
    return sorted.filter((to, at) => to !== sorted[at - 1] && no?.has(to) !== true);
  });
  return { listed, nodeOf, targets: allowed };
}

/** Lists the rows that name the pair without supporting it: refusals before conditional, exact before wildcard. */
export function listRefusingRows(matrix: Rows, from: Version, to: Version): MatrixRow[] {
  return listMatchingRows(matrix, from, to).filter((row) => row.mark !== "supported");
}

/**
 * Finds the row that decides the pair: a refusal comes before a conditional mark, and that before a permission; among
 * rows of the same mark, an exact row comes before a wildcard. Undefined if no row names the pair.
 */
export function findDecidingRow(matrix: Rows, from: Version, to: Version): MatrixRow | undefined {
  return listMatchingRows(matrix, from, to)[0];
}

const strength: Record<Mark, number> = { unsupported: 0, conditional: 1, supported: 2 };

function listMatchingRows(matrix: Rows, from: Version, to: Version): MatrixRow[] {
  const matching = matrix.rows.filter((row) => matchesPattern(row.from, from) && matchesPattern(row.to, to));
  return matching.sort((a, b) => strength[a.mark] - strength[b.mark] || countWildcards(a) - countWildcards(b));
}

function countWildcards(row: MatrixRow): number {
  return Number(isWildcard(row.from)) + Number(isWildcard(row.to));
}

/** Lists the node pairs that a row names. A wildcard never permits a step down: `4.7.x -> 4.7.27` excludes 4.7.29. */
function listNamedPairs(row: MatrixRow, listed: Version[], nodeOf: ReadonlyMap<Version, number>): [number, number][] {
  const [from, to] = [nodeOf.get(row.from), nodeOf.get(row.to)];
  if (from !== undefined && to !== undefined) return [[from, to]];
  const sources = listMatchingNodes(row.from, listed);
  const goals = listMatchingNodes(row.to, listed);
  return sources.flatMap((source) =>
    goals.filter((goal) => goal > source || row.mark !== "supported").map((goal): [number, number] => [source, goal]),
  );
}

function listMatchingNodes(pattern: string, listed: Version[]): number[] {
  return listed.flatMap((version, node) => (matchesPattern(pattern, version) ? [node] : []));
}

/** Collects all exact releases of rows, sources and targets, oldest first. Wildcards are not releases. */
export function collectVersions(rows: readonly MatrixRow[]): Version[] {
  const seen = new Set<string>();
  for (const row of rows) seen.add(row.from).add(row.to);
  return sortVersions([...seen].filter(isVersion));
}

/** Computes the id of rows, `<edition>-<method>-<newest version listed>`; undefined if they list no exact release. */
export function computeMatrixId(edition: Edition, method: Method, rows: readonly MatrixRow[]): string | undefined {
  const newest = collectVersions(rows).at(-1);
  return newest === undefined ? undefined : `${edition}-${method}-${newest}`;
}
