/**
 * What the rows of a matrix allow (design 4). An edge is an exact release that a supported row names, to an exact release,
 * where no row refuses the pair. Wildcards match by minor and only releases that the matrix lists; a refusal beats a
 * permission whatever their kind; a refused pair forbids that direct hop and no longer road. Conditional is not support.
 */
import { type Version } from "../version/version.js";
import { isWildcard, matchesPattern } from "../version/wildcard.js";
import { listedVersions } from "./matrix-id.js";
import type { Mark, Matrix, MatrixRow } from "./types.js";

/** The direct hops that a matrix allows. Lists are sorted, oldest first. */
export interface Edges {
  has(from: Version, to: Version): boolean;
  from(version: Version): Version[];
  to(version: Version): Version[];
}

/** The part of a matrix that decides what is allowed. */
export type Rows = Pick<Matrix, "rows">;

/** All exact releases that a matrix lists, as source or target, oldest first. */
export function versions(matrix: Rows): Version[] {
  return listedVersions(matrix.rows);
}

/** The direct hops as numbers: a release is its place among the sorted releases. */
export interface EdgePlaces {
  listed: Version[];
  placeOf: ReadonlyMap<Version, number>;
  /** By place: the places that may be gone to, lowest first. */
  targets: number[][];
}

/** The direct hops that a matrix allows. */
export function edgesOf(matrix: Rows): Edges {
  const { listed, placeOf, targets } = edgePlacesOf(matrix);
  const sources: number[][] = listed.map(() => []);
  targets.forEach((all, from) => all.forEach((to) => sources[to]!.push(from)));
  const named = (places: number[][], version: Version): Version[] =>
    (places[placeOf.get(version) ?? -1] ?? []).map((place) => listed[place]!);
  return {
    has: (from, to) => targets[placeOf.get(from) ?? -1]?.includes(placeOf.get(to) ?? -1) ?? false,
    from: (version) => named(targets, version),
    to: (version) => named(sources, version),
  };
}

/** The direct hops that a matrix allows, by the places of releases. */
export function edgePlacesOf(matrix: Rows): EdgePlaces {
  const listed = versions(matrix);
  const placeOf = new Map(listed.map((version, place) => [version, place]));
  const targets: number[][] = listed.map(() => []);
  const refused = new Map<number, Set<number>>();
  for (const row of matrix.rows) {
    for (const [from, to] of pairsOf(row, listed, placeOf)) {
      if (row.mark === "supported") targets[from]!.push(to);
      else refused.set(from, (refused.get(from) ?? new Set()).add(to));
    }
  }
  const allowed = targets.map((all, from) => {
    const no = refused.get(from);
    const sorted = all.sort((a, b) => a - b);
    return sorted.filter((to, at) => to !== sorted[at - 1] && no?.has(to) !== true);
  });
  return { listed, placeOf, targets: allowed };
}

/** Rows that name the pair and do not fully support it: refusals first, then conditional ones, exact before wildcard. */
export function refusalsFor(matrix: Rows, from: Version, to: Version): MatrixRow[] {
  return rowsNaming(matrix, from, to).filter((row) => row.mark !== "supported");
}

/**
 * The row that decides the pair: a refusal before a conditional mark before a permission, an exact row before a wildcard of
 * the same kind; undefined where no row names the pair.
 */
export function rowFor(matrix: Rows, from: Version, to: Version): MatrixRow | undefined {
  return rowsNaming(matrix, from, to)[0];
}

const strength: Record<Mark, number> = { unsupported: 0, conditional: 1, supported: 2 };

function rowsNaming(matrix: Rows, from: Version, to: Version): MatrixRow[] {
  const naming = matrix.rows.filter((row) => matchesPattern(row.from, from) && matchesPattern(row.to, to));
  return naming.sort((a, b) => strength[a.mark] - strength[b.mark] || wildcardsIn(a) - wildcardsIn(b));
}

function wildcardsIn(row: MatrixRow): number {
  return Number(isWildcard(row.from)) + Number(isWildcard(row.to));
}

/** Listed pairs that a row names. A wildcard permits no step down: `4.7.x -> 4.7.27` is no hop from 4.7.29. */
function pairsOf(row: MatrixRow, listed: Version[], placeOf: ReadonlyMap<Version, number>): [number, number][] {
  const [from, to] = [placeOf.get(row.from), placeOf.get(row.to)];
  if (from !== undefined && to !== undefined) return [[from, to]];
  const sources = placesNamed(row.from, listed);
  const goals = placesNamed(row.to, listed);
  return sources.flatMap((source) =>
    goals.filter((goal) => goal > source || row.mark !== "supported").map((goal): [number, number] => [source, goal]),
  );
}

function placesNamed(pattern: string, listed: Version[]): number[] {
  return listed.flatMap((version, place) => (matchesPattern(pattern, version) ? [place] : []));
}
