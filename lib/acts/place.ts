import { checkClusterIdentity } from "../gates/cluster-identity/identity.js";
import { hubbleOf } from "../gates/hubble.js";
import { read } from "../gates/verdict.js";
import { compareVersions, type Version } from "../version/version.js";
import { refusalOfError, refusalOfFinding, type Refusal } from "./refusals.js";
import type { ActRequest } from "./types.js";

/** Where an act is run: the installed version and when it was deployed, or why that refuses. */
export type Place = { live: Version; deployedAt: string; refusals: [] } | { live: null; refusals: Refusal[] };

/** The cluster is the enrolled one, and what is installed is one end of the hop the act is bound to. */
export async function placeOf({ site, settings, hop, signal }: ActRequest): Promise<Place> {
  if (compareVersions(hop.from, hop.to) >= 0) {
    const message = `The hop ${hop.from} -> ${hop.to} does not lead to a newer version.`;
    return nowhere({ code: "HOP_INVALID", message, next: 'Name a hop of the plan, e.g. --hop "4.7.27->4.8.8".' });
  }
  const identity = await checkClusterIdentity(site.kubernetes, settings.clusterUid);
  if (identity.length > 0) return nowhere(...identity.map(refusalOfFinding));
  const revisions = await read(() => site.kubernetes.helmRevisions(), signal);
  if (!revisions.ok) return nowhere(refusalOfError(revisions.error, null, "Helm's release records could not be read"));
  const answer = hubbleOf(revisions.value, settings.releaseNamespace);
  if (!answer.ok) return nowhere(refusalOfFinding(answer.finding));
  const { chartVersion: live, lastDeployed: deployedAt } = answer.hubble.deployed;
  if (live === hop.from || live === hop.to) return { live, deployedAt, refusals: [] };
  return nowhere({
    code: "OTHER_HOP",
    message: `${live} is installed, and the act was asked for on the hop ${hop.from} -> ${hop.to}.`,
    next: "Name the hop that is next (palette-upgrade status), or select the right stack.",
  });
}

function nowhere(...refusals: Refusal[]): Place {
  return { live: null, refusals };
}
