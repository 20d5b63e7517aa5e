import { shippedMatrices } from "../matrix/load.js";
import type { Matrix } from "../matrix/types.js";
import type { Version } from "../version/version.js";
import { expandHop } from "./expand.js";
import { makePlan, type PlanDependencies } from "./make-plan.js";
import { avoidedStops, blockRules } from "./rules.js";
import type { OwnRow, Plan, SiteFacts, Strategy, Warning } from "./types.js";

export { makePlan, nextHop } from "./make-plan.js";
export { isDeadEnd } from "./dead-ends.js";
export { reachabilityOf } from "./reachability.js";

/** A request in the words of the command line; what is left out has its default. */
export interface RouteQuestion {
  from: Version;
  /** Exact release, series or semver range. */
  to: string;
  matrix: Matrix;
  /** Default `guideline`. */
  strategy?: Strategy | undefined;
  via?: readonly Version[] | undefined;
  avoid?: readonly Version[] | undefined;
  /** Default: nothing is known of the site. */
  facts?: SiteFacts | undefined;
  /** `YYYY-MM-DD`; default: this machine's day, in UTC. */
  today?: string | undefined;
  /** Rows of the site's own. */
  extraRows?: readonly OwnRow[] | undefined;
  chartDigests?: Record<string, string> | undefined;
  /** Warnings that were due before planning, e.g. DEFAULT_MATRIX. */
  notices?: readonly Warning[] | undefined;
}

/** Plans with the shipped matrices and the rules of data/. @throws InvalidInputError for a question that cannot be read. */
export function planRoute(question: RouteQuestion): Plan {
  const { from, to, matrix, strategy, via, avoid, facts, today, extraRows, chartDigests, notices } = question;
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
  return makePlan(request, matrix, { ...shippedDependencies(), notices: notices ?? [] });
}

/** What planning needs, from the shipped data. */
export function shippedDependencies(): PlanDependencies {
  shipped ??= shippedMatrices();
  return { shipped, expandHop, avoidedStops, blockRules };
}

let shipped: Matrix[] | undefined;
