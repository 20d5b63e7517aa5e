import { expandHop } from "../../lib/planning/plan/expand.js";
import { type Plan, type PlanMatrix, type Refusal } from "../../lib/planning/plan/types.js";
import { type SiteFacts } from "../../lib/planning/rules/site-facts.js";

export const matrix: PlanMatrix = {
  id: "palette-kubernetes-4.7.20",
  edition: "palette",
  method: "kubernetes",
  source: {
    repository: "spectrocloud/librarium",
    path: "docs/upgrade.md",
    commit: "0123456789abcdef0123456789abcdef01234567",
  },
  sha256: "ab".repeat(32),
  readOn: "2026-11-20",
  ageDays: 1,
  newer: null,
};

/** A plan made by hand: its hops are expanded by the shipped rules, nothing is searched. */
export function routePlan(routeVersions: string[], facts: SiteFacts = {}, over: Partial<Plan> = {}): Plan {
  const hops = routeVersions
    .slice(1)
    .map((to, i) => expandHop(routeVersions[i]!, to, { ...matrix, facts, matrixVersions: routeVersions }));
  return {
    schemaVersion: 1,
    outcome: hops.length === 0 ? "none-needed" : "route",
    from: routeVersions[0]!,
    to: routeVersions.at(-1)!,
    strategy: "guideline",
    hops,
    warnings: [],
    refusal: null,
    matrix,
    fingerprint: "cd".repeat(32),
    ...over,
  };
}

export const refusal: Refusal = {
  code: "NO_ROUTE",
  message: "No supported row leads from 4.6.43 on.",
  reachable: [],
  highestReachable: null,
  frontier: ["4.6.43"],
  nearest: ["4.6.41", "4.7.3"],
  refusedBy: [{ from: "4.1.x", to: "4.3.6", mark: "unsupported", section: "4.3.x and Prior", line: 265 }],
  nearMisses: ["4.6.41"],
  otherMatrices: [{ id: "palette-vmware-4.8.21", valid: false, route: ["4.6.43", "4.7.20"] }],
};

export function refusedPlan(over: Partial<Refusal> = {}, target = "4.7.20"): Plan {
  return { ...routePlan(["4.6.43"]), outcome: "refused", to: target, refusal: { ...refusal, ...over } };
}
