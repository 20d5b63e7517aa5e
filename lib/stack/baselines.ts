import { type Version } from "../version/version.js";
import { type HeldRelease, type Recorded } from "./recorded.js";

/** What gates compare with: agent versions by `tenant/name`, and Helm's revisions. */
export interface Baselines {
  /** As of before this update's hop. */
  baseline: Record<string, string>;
  /** As of before the hop that brought the installed version. */
  installedBaseline: Record<string, string>;
  /** What Helm held when the version before this update was settled. */
  held: HeldRelease[];
}

/** While nothing new is installed a baseline stays the one its catch-up was compared with: a settled stack has no diff. */
export function baselinesOf(recorded: Recorded, destination: Version): Baselines {
  const isSettled = recorded.appliedVersion === destination;
  return {
    baseline: isSettled ? recorded.agentBaseline : recorded.agents,
    installedBaseline: isSettled ? recorded.installedBaseline : recorded.agentBaseline,
    held: isSettled ? recorded.heldBefore : recorded.held,
  };
}
