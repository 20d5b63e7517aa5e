import { type Version } from "../version/version.js";
import { type Recorded } from "./recorded.js";

/** Agent versions by `tenant/name` that catch-ups are compared with. */
export interface Baselines {
  /** As of before this update's hop. */
  baseline: Record<string, string>;
  /** As of before the hop that brought the installed version. */
  installedBaseline: Record<string, string>;
}

/** While nothing new is installed a baseline stays the one its catch-up was compared with: a settled stack has no diff. */
export function baselinesOf(recorded: Recorded, destination: Version): Baselines {
  const isSettled = recorded.appliedVersion === destination;
  return {
    baseline: isSettled ? recorded.agentBaseline : recorded.agents,
    installedBaseline: isSettled ? recorded.installedBaseline : recorded.agentBaseline,
  };
}
