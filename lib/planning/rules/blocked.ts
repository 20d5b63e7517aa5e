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

const withoutBlocked = new WeakMap<Matrix, Map<string, Matrix>>();

/**
 * Removes the hops that advisories block: each becomes a refusing row that names its advisory. The same matrix and rules
 * give the same object, whose graph is then built once.
 */
export function removeBlockedHops(matrix: Matrix, rules: readonly BlockRule[]): Matrix {
  if (rules.length === 0) return matrix;
  const known = withoutBlocked.get(matrix) ?? new Map<string, Matrix>();
  withoutBlocked.set(matrix, known);
  const key = JSON.stringify(rules.map(({ id, edge }) => [id, edge]));
  const result = known.get(key) ?? refuseBlockedHops(matrix, rules);
  known.set(key, result);
  return result;
}

function refuseBlockedHops(matrix: Matrix, rules: readonly BlockRule[]): Matrix {
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
