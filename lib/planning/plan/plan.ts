import { loadShippedMatrices } from "../matrix/load.js";
import { type Matrix } from "../matrix/types.js";
import { type SiteFacts, type Strategy } from "../rules/site-facts.js";
import { type Version } from "../version/version.js";
import { expandHop } from "./expand.js";
import { makePlan, type PlanDependencies } from "./make-plan.js";
import { putHopFirst } from "./hop-first.js";
import { listAvoidedStops, listBlockRules } from "../rules/rules.js";
import { type Hop, type OwnRow, type Plan, type Warning } from "./types.js";

export { makePlan, getNextHop as nextHop } from "./make-plan.js";
export { isDeadEnd } from "./search/dead-ends.js";
export { computeReachability as reachabilityOf } from "./search/reachability.js";

/** Options of a route as on the command line; an absent option has its default. */
interface PlanRouteOptions {
  from: Version;
  /** Exact release, series or semver range. */
  to: string;
  matrix: Matrix;
  /** Default `guideline`. */
  strategy?: Strategy | undefined;
  via?: readonly Version[] | undefined;
  avoid?: readonly Version[] | undefined;
  /** Default: no fact about the site is known. */
  facts?: SiteFacts | undefined;
  /** `YYYY-MM-DD`; default: the current day in UTC. */
  today?: string | undefined;
  /** Rows of the site's own. */
  extraRows?: readonly OwnRow[] | undefined;
  chartDigests?: Record<string, string> | undefined;
  /** Warnings raised before planning, e.g. DEFAULT_MATRIX. */
  notices?: readonly Warning[] | undefined;
}

/** Plans a route with the shipped matrices and the rules of data/. @throws InvalidInputError for invalid options. */
export function planRoute(options: PlanRouteOptions): Plan {
  const { from, to, matrix, strategy, via, avoid, facts, today, extraRows, chartDigests, notices } = options;
  const request = {
    from,
    target: to,
    strategy: strategy ?? "guideline",
    via: [...(via ?? [])],
    avoid: [...(avoid ?? [])],
    facts: facts ?? {},
    today: today ?? new Date().toISOString().slice(0, 10),
    extraRows: [...(extraRows ?? [])],
    chartDigests: chartDigests ?? {},
  } satisfies Parameters<typeof makePlan>[0];
  return makePlan(request, matrix, { ...loadShippedDependencies(), notices: notices ?? [] });
}

/** Plans a hop that has to be made whatever the target, and from its end the route to the target. */
export function planHopFirst(hop: Hop, options: Omit<PlanRouteOptions, "from">): Plan {
  const { matrix, extraRows = [], chartDigests = {} } = options;
  const rest = planRoute({ ...options, from: hop.to });
  return putHopFirst(hop, rest, {
    matrix,
    shipped: loadShippedDependencies().shipped,
    ownRows: extraRows,
    chartDigests,
  });
}

/** Loads what planning needs from the shipped data. */
function loadShippedDependencies(): PlanDependencies {
  shipped ??= loadShippedMatrices();
  return { shipped, expandHop, listAvoidedStops, listBlockRules };
}

let shipped: Matrix[] | undefined;
