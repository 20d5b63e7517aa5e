import { listSkippedMinors } from "../../../lib/planning/plan/expand.js";
import { makePlan, type PlanDependencies } from "../../../lib/planning/plan/make-plan.js";
import type { Mark, Matrix } from "../../../lib/planning/matrix/types.js";
import type { Plan, PlanRequest } from "../../../lib/planning/plan/types.js";
import { classifyChange } from "../../../lib/planning/version/version.js";

const signs: Record<string, Mark> = { ">": "supported", x: "unsupported", "?": "conditional" };

/**
 * A small matrix, one row a line: `1.0.0 > 1.1.0 1.1.1` (supported), `1.0.x x 1.2.0` (refused), `1.0.0 ? 1.3.0` (conditional).
 * The line of a row is its line in the text, 1-based.
 */
export function matrixOf(text: string, more: Partial<Matrix> = {}): Matrix {
  const rows = text.split("\n").flatMap((line, index) => {
    const [from, sign, ...targets] = line.trim().split(/\s+/);
    if (from === undefined || sign === undefined) return [];
    return targets.map((to) => ({ from, to, mark: signs[sign]!, section: "", line: index + 1 }));
  });
  return {
    id: "palette-kubernetes-small",
    edition: "palette",
    method: "kubernetes",
    source: { repository: "example/docs", path: "upgrade.md", commit: "0".repeat(40) },
    readOn: "2026-11-01",
    rows,
    sha256: "a".repeat(64),
    ...more,
  };
}

/** Hops without gates, acts and advisories; no other matrices, no advisories that steer. */
export const bare: PlanDependencies = {
  shipped: [],
  listAvoidedStops: () => [],
  expandHop: (from, to, { matrixVersions }) => ({
    from,
    to,
    change: classifyChange(from, to),
    skips: listSkippedMinors(from, to, matrixVersions),
    gates: [],
    acts: [],
    advisories: [],
  }),
};

/** A plan along a matrix; what is left out: guideline, nothing known of the site, 2026-11-21. */
export function planOf(
  matrix: Matrix,
  from: string,
  target: string,
  request: Partial<PlanRequest> = {},
  deps: Partial<PlanDependencies> = {},
): Plan {
  const full: PlanRequest = {
    from,
    target,
    strategy: "guideline",
    via: [],
    avoid: [],
    facts: {},
    today: "2026-11-21",
    ...request,
  };
  return makePlan(full, matrix, { ...bare, ...deps });
}

/** The stops of a plan, e.g. `1.0.2 1.1.4`; for a refusal its code. */
export function stopsOf(plan: Plan): string {
  return plan.refusal === null ? plan.hops.map((hop) => hop.to).join(" ") : plan.refusal.code;
}

/** Messages of the warnings with one code. */
export function warned(plan: Plan, code: string): string[] {
  return plan.warnings.filter((warning) => warning.code === code).map((warning) => warning.message);
}
