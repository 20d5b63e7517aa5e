import { listRunnerNames } from "../../gates/consent/runner-names.js";
import { type Plan } from "../../planning/plan/types.js";
import { type SiteFacts } from "../../planning/rules/site-facts.js";
import { findHopInProgress } from "../../site/installation.js";
import { type Observation } from "../../site/types.js";
import { judgeHopInProgress, type JudgedHopInProgress } from "./hop-in-progress.js";
import { computePlan, computePlanOfHop, expandSiteHop } from "./plan.js";
import { type Update } from "./update.js";

/** What is done whatever the target: the hop in progress, if there is one, and then what the target asks for. */
export interface PlanInProgress {
  plan: Plan;
  hopInProgress: JudgedHopInProgress | null;
}

/**
 * Puts a hop in progress that is a supported row before all else: it is the plan of the next update. `route` is the
 * target's own route from the installed version.
 */
export function planHopInProgress(
  update: Pick<Update, "settings" | "vendor" | "matrix" | "today" | "environment" | "isSupported">,
  { observedVersion: from, releases }: Pick<Observation, "observedVersion" | "releases">,
  route: Plan,
  facts: SiteFacts,
): PlanInProgress {
  const found = findHopInProgress(releases);
  if (found === null || (from !== found.to && !update.isSupported(from, found.to)))
    return { plan: route, hopInProgress: null };
  const { accept, approval } = update.settings;
  const rest = computePlan(update, found.to, facts);
  const context = { today: update.today, runners: listRunnerNames(update.environment), fourEyes: approval.fourEyes };
  const hopInProgress = judgeHopInProgress({ from, found, route, rest, accept, context });
  const plan = hopInProgress.onRoute
    ? route
    : computePlanOfHop(update, expandSiteHop(update, from, found.to, facts), facts);
  return { plan, hopInProgress };
}
