import { checkClusterIdentity } from "../gates/cluster-identity/identity.js";
import { readInstalled } from "../gates/verdict/installed.js";
import { compareVersions, type Version } from "../planning/version/version.js";
import { toFindingRefusal, type Refusal } from "./refusals.js";
import type { ActRequest } from "./types.js";

/** The installed version and when it was deployed, or the refusals where the act cannot run on it. */
type InstalledState = { live: Version; deployedAt: string; refusals: [] } | { live: null; refusals: Refusal[] };

/** Checks that this is the enrolled cluster and that the installed version is one end of the act's hop. */
export async function readInstalledState({ site, settings, hop, signal }: ActRequest): Promise<InstalledState> {
  if (compareVersions(hop.from, hop.to) >= 0) {
    const message = `The hop ${hop.from} -> ${hop.to} does not lead to a newer version.`;
    return createRefusedState({
      code: "HOP_INVALID",
      message,
      next: 'Name a hop of the plan, e.g. --hop "4.7.27->4.8.8".',
    });
  }
  const identity = await checkClusterIdentity(site.kubernetes, settings.clusterUid);
  if (identity.length > 0) return createRefusedState(...identity.map(toFindingRefusal));
  const installed = await readInstalled({ site, settings }, signal);
  if (installed.state !== "installed") return createRefusedState(toFindingRefusal(installed.finding));
  const { chartVersion: live, lastDeployed: deployedAt } = installed.hubble.deployed;
  if (live === hop.from || live === hop.to) return { live, deployedAt, refusals: [] };
  return createRefusedState({
    code: "OTHER_HOP",
    message: `${live} is installed, and the act was asked for on the hop ${hop.from} -> ${hop.to}.`,
    next: "Name the hop that is next (palette-upgrade status), or select the right stack.",
  });
}

function createRefusedState(...refusals: Refusal[]): InstalledState {
  return { live: null, refusals };
}
