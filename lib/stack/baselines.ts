import { type Version } from "../version/version.js";
import { type SettledRelease, type Recorded } from "./recorded.js";

/** What gates compare the current state with: agent versions by `tenant/name`, and Helm's revisions. */
export interface Baselines {
  /** As of before this update's hop. */
  baseline: Record<string, string>;
  /** As of before the hop to the installed version. */
  installedBaseline: Record<string, string>;
  /** Helm's deployed revisions when the version before this update was settled. */
  settledRevisions: SettledRelease[];
}

/**
 * Selects the baselines for this destination. They stay the same while nothing moves, so that a settled stack has no
 * diff.
 */
export function selectBaselines(recorded: Recorded, destination: Version): Baselines {
  const isSettled = recorded.appliedVersion === destination;
  return {
    baseline: isSettled ? recorded.agentBaseline : recorded.agents,
    installedBaseline: isSettled ? recorded.installedBaseline : recorded.agentBaseline,
    settledRevisions: isSettled ? recorded.heldBefore : recorded.held,
  };
}
