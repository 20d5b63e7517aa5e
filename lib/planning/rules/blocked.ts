import { listEdges, listVersions } from "../matrix/lookup.js";
import type { Matrix, MatrixRow } from "../matrix/types.js";
import { matchesEdge } from "./edge-pattern.js";
import { type EdgePattern } from "./types.js";

/** An advisory of severity `block` whose facts apply to the site. */
export interface BlockRule {
  id: string;
  edge: EdgePattern;
  /** Why, and what to do instead. */
  text: string;
}

const sectionPrefix = "advisory ";

/** Removes the hops that advisories block: each becomes a refusing row that names its advisory. */
export function removeBlockedHops(matrix: Matrix, rules: readonly BlockRule[]): Matrix {
  if (rules.length === 0) return matrix;
  const edges = listEdges(matrix);
  const refused = listVersions(matrix).flatMap((from) =>
    edges.from(from).flatMap((to): MatrixRow[] => {
      const rule = rules.find((each) => matchesEdge(each.edge, from, to));
      if (rule === undefined) return [];
      return [{ from, to, mark: "unsupported", section: sectionPrefix + rule.id, line: null }];
    }),
  );
  return refused.length === 0 ? matrix : { ...matrix, rows: [...matrix.rows, ...refused] };
}

/** Returns the id of the advisory behind a refusing row; undefined for a row of the page. */
export function getBlockingAdvisory(row: MatrixRow): string | undefined {
  return row.section.startsWith(sectionPrefix) ? row.section.slice(sectionPrefix.length) : undefined;
}
