import { RefusedError } from "../../base/errors/errors.js";
import { listVersions } from "../../planning/matrix/lookup.js";
import { expandHop } from "../../planning/plan/expand.js";
import { planHopFirst, planRoute } from "../../planning/plan/plan.js";
import { type Hop, type Plan } from "../../planning/plan/types.js";
import { type SiteFacts } from "../../planning/rules/site-facts.js";
import { compareVersions, type Version } from "../../planning/version/version.js";
import { type Update } from "./update.js";

type PlanInput = Pick<Update, "settings" | "vendor" | "today">;

/** Computes the plan from a version; its fingerprint includes the digests of its charts once they are known. */
export function computePlan(
  update: PlanInput,
  from: Version,
  facts: SiteFacts,
  chartDigests: Record<string, string> = {},
): Plan {
  return planRoute({ from, ...selectRouteOptions(update, from), facts, chartDigests });
}

/** Computes the plan of a hop in progress that is not on the target's route: that hop, then the route from its end. */
export function computePlanOfHop(
  update: PlanInput,
  hop: Hop,
  facts: SiteFacts,
  chartDigests: Record<string, string> = {},
): Plan {
  return planHopFirst(hop, { ...selectRouteOptions(update, hop.to), facts, chartDigests });
}

function selectRouteOptions(
  { settings, vendor, today }: PlanInput,
  from: Version,
): Omit<Parameters<typeof planHopFirst>[1], "facts" | "chartDigests"> {
  const { target, route } = settings;
  const { extraRows, strategy, avoid } = route;
  // Stops of `palette:route.via` before the version are passed already.
  const via = route.via.filter((stop) => compareVersions(stop, from) > 0);
  return { to: target, matrix: vendor, extraRows, strategy, via, avoid, today };
}

/** Expands one hop with its gates, acts and advisories at this site. */
export function expandSiteHop({ matrix }: Pick<Update, "matrix">, from: Version, to: Version, facts: SiteFacts): Hop {
  const { edition, method } = matrix;
  return expandHop(from, to, { edition, method, facts, matrixVersions: listVersions(matrix) });
}

/** The part of a plan that decides the next step. */
export type RoutePlan = Pick<Plan, "from" | "to" | "refusal"> & {
  matrix: Pick<Plan["matrix"], "id">;
  hops: readonly Pick<Hop, "to">[];
};

/** Returns the plan. @throws RefusedError with the plan's own refusal. */
export function refuseUnlessPlanned<T extends RoutePlan>(plan: T): T {
  if (plan.refusal === null) return plan;
  throw new RefusedError(plan.refusal.code, plan.refusal.message, {
    next: `See all of it: palette-upgrade plan --from ${plan.from} --to "${plan.to}" --matrix ${plan.matrix.id}`,
  });
}
