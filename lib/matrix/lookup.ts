/**
 * What the rows of a matrix allow (design 4). An edge is an exact release that a supported row names, to an exact release,
 * where no row refuses the pair. Wildcards match by minor and only releases that the matrix lists; a refusal beats a
 * permission whatever their kind; a refused pair forbids that direct hop and no longer road. Conditional is not support.
 */
import { compareVersions, type Version } from "../version/version.js";
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

/** The direct hops that a matrix allows. */
export function edgesOf(matrix: Rows): Edges {
  const listed = versions(matrix);
  const rank = new Map(listed.map((version, index) => [version, index]));
  const allowed = new Map<Version, Set<Version>>();
  for (const [from, to] of permittedPairs(matrix, listed)) {
    const targets = allowed.get(from);
    if (targets === undefined) allowed.set(from, new Set([to]));
    else targets.add(to);
  }
  withdrawRefused(matrix, allowed);
  const forward = new Map<Version, Version[]>();
  const backward = new Map<Version, Version[]>();
  for (const from of listed) {
    const targets = [...(allowed.get(from) ?? [])].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
    forward.set(from, targets);
    for (const to of targets) {
      const sources = backward.get(to);
      if (sources === undefined) backward.set(to, [from]);
      else sources.push(from);
    }
  }
  return {
    has: (from, to) => allowed.get(from)?.has(to) ?? false,
    from: (version) => [...(forward.get(version) ?? [])],
    to: (version) => [...(backward.get(version) ?? [])],
  };
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

/** Pairs that supported rows name. A wildcard never reaches down: `4.7.x -> 4.7.27` is no hop from 4.7.29. */
function* permittedPairs(matrix: Rows, listed: Version[]): Generator<[Version, Version]> {
  for (const row of matrix.rows) {
    if (row.mark !== "supported") continue;
    if (wildcardsIn(row) === 0) yield [row.from, row.to];
    else yield* expand(row, listed);
  }
}

function* expand(row: MatrixRow, listed: Version[]): Generator<[Version, Version]> {
  const targets = listed.filter((version) => matchesPattern(row.to, version));
  for (const from of listed) {
    if (!matchesPattern(row.from, from)) continue;
    for (const to of targets) if (compareVersions(from, to) < 0) yield [from, to];
  }
}

function withdrawRefused(matrix: Rows, allowed: Map<Version, Set<Version>>): void {
  for (const row of matrix.rows) {
    if (row.mark === "supported") continue;
    const sources = isWildcard(row.from) ? [...allowed.keys()] : [row.from];
    for (const from of sources) {
      if (!matchesPattern(row.from, from)) continue;
      const targets = allowed.get(from);
      if (!isWildcard(row.to)) targets?.delete(row.to);
      else for (const to of targets ?? []) if (matchesPattern(row.to, to)) targets?.delete(to);
    }
  }
}
