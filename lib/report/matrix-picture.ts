import type { Matrix } from "../planning/matrix/types.js";
import { isDeadEnd } from "../planning/plan/search/dead-ends.js";
import { getGraph, type Graph } from "../planning/plan/search/graph.js";
import { getMinor, type Version } from "../planning/version/version.js";

/**
 * How far a release can be upgraded in its matrix: to the newest release (`leads-on`), further but never to the newest
 * (`stranded`), or to no later minor at all (`dead-end`).
 */
export type Standing = "newest" | "leads-on" | "stranded" | "dead-end";

export interface PictureNode {
  version: Version;
  standing: Standing;
  /** Position on the chosen route, 0 for its source; null for a release that is not on it. */
  stop: number | null;
}

export interface PictureEdge {
  from: Version;
  to: Version;
  /** Whether it is a hop of the chosen route. */
  chosen: boolean;
}

/** What a picture of a matrix shows, without coordinates: a column of releases per minor, and the rows between them. */
export interface MatrixPicture {
  columns: { minor: string; nodes: PictureNode[] }[];
  edges: PictureEdge[];
  /** Supported rows that are not drawn, because shorter hops lead from their source to their target as well. */
  implied: number;
}

/** Creates the picture of a matrix; `route` holds all versions of the chosen route, the source first. */
export function createMatrixPicture(matrix: Matrix, route: readonly Version[] = []): MatrixPicture {
  const graph = getGraph(matrix);
  const stops = new Map(route.map((version, stop) => [version, stop]));
  const columns = new Map<string, PictureNode[]>();
  for (const [index, version] of graph.versions.entries()) {
    const node = { version, standing: getStanding(graph, index, matrix), stop: stops.get(version) ?? null };
    const minor = getMinor(version);
    columns.set(minor, [...(columns.get(minor) ?? []), node]);
  }
  const all = graph.successors.flatMap((next, from) => next.map((to): [number, number] => [from, to]));
  const edges = all.flatMap(([from, to]): PictureEdge[] => {
    const [source, target] = [graph.versions[from]!, graph.versions[to]!];
    const stop = stops.get(source);
    const chosen = stop !== undefined && stops.get(target) === stop + 1;
    if (!chosen && isImplied(graph, from, to)) return [];
    return [{ from: source, to: target, chosen }];
  });
  return {
    columns: [...columns].map(([minor, nodes]) => ({ minor, nodes })),
    edges,
    implied: all.length - edges.length,
  };
}

function getStanding(graph: Graph, index: number, matrix: Matrix): Standing {
  const newest = graph.versions.length - 1;
  if (index === newest) return "newest";
  if (graph.reaches(index, newest)) return "leads-on";
  return isDeadEnd(graph.versions[index]!, matrix) ? "dead-end" : "stranded";
}

/** Whether another row from the same release leads to the target through further rows. */
function isImplied(graph: Graph, from: number, to: number): boolean {
  return graph.successors[from]!.some((step) => step < to && graph.reaches(step, to));
}
