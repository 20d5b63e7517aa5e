import type { Matrix } from "../matrix/types.js";
import { isDeadEnd } from "../plan/dead-ends.js";
import { graphOf, type Graph } from "../plan/graph.js";
import { minorOf, type Version } from "../version/version.js";

/**
 * What a release is worth in its matrix: it leads to the newest release, it leads on but never that far (`stranded`), or to no
 * later minor at all (`dead-end`).
 */
export type Standing = "newest" | "leads-on" | "stranded" | "dead-end";

export interface PictureNode {
  version: Version;
  standing: Standing;
  /** Place on the chosen road, 0 for its source; null for a release that is not on it. */
  stop: number | null;
}

export interface PictureEdge {
  from: Version;
  to: Version;
  /** A hop of the chosen road. */
  chosen: boolean;
}

/** What a picture of a matrix shows, without places: a column of releases for each minor, and the rows between them. */
export interface MatrixPicture {
  columns: { minor: string; nodes: PictureNode[] }[];
  edges: PictureEdge[];
  /** Supported rows that are not drawn, because shorter hops lead from their source to their target as well. */
  implied: number;
}

/** Describes the picture of a matrix; `road` holds all versions of the chosen road, the source first. */
export function pictureOf(matrix: Matrix, road: readonly Version[] = []): MatrixPicture {
  const graph = graphOf(matrix);
  const stops = new Map(road.map((version, stop) => [version, stop]));
  const columns = new Map<string, PictureNode[]>();
  for (const [place, version] of graph.versions.entries()) {
    const node = { version, standing: standingOf(graph, place, matrix), stop: stops.get(version) ?? null };
    const minor = minorOf(version);
    columns.set(minor, [...(columns.get(minor) ?? []), node]);
  }
  const all = graph.ahead.flatMap((next, from) => next.map((to): [number, number] => [from, to]));
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

function standingOf(graph: Graph, place: number, matrix: Matrix): Standing {
  const newest = graph.versions.length - 1;
  if (place === newest) return "newest";
  if (graph.reaches(place, newest)) return "leads-on";
  return isDeadEnd(graph.versions[place]!, matrix) ? "dead-end" : "stranded";
}

/** True if another row from the same release leads to the target by way of further ones. */
function isImplied(graph: Graph, from: number, to: number): boolean {
  return graph.ahead[from]!.some((step) => step < to && graph.reaches(step, to));
}
