import { isPinned } from "../../gates/consent/cluster.js";
import { type Settings } from "../../settings/schema.js";
import { type ClusterAddress, type SiteIdentity } from "../../site/identity.js";
import { type Prepared } from "./prepare.js";

interface IdentityInput {
  stack: string;
  settings: Pick<Settings, "edition" | "site">;
  address: ClusterAddress;
  prepared: Pick<Prepared, "observation" | "step">;
}

/** Names the installation that this run is about; what was not read is null. */
export function identifySite({ stack, settings, address, prepared }: IdentityInput): SiteIdentity {
  const { observation, step } = prepared;
  return {
    stack,
    server: address.server,
    context: address.context,
    clusterUid: observation?.clusterUid ?? null,
    rootDomain: settings.site.rootDomain,
    // Before an install the observation describes what will be installed.
    version: step.kind === "install" ? null : (observation?.observedVersion ?? null),
    edition: observation?.edition ?? settings.edition,
  };
}

/** Whether this step is a stack's first, which records the cluster, and `palette:cluster` does not say which it is. */
export function needsClusterConfirmed(
  { step }: Pick<Prepared, "step">,
  { cluster }: Pick<Settings, "cluster">,
): boolean {
  return (step.kind === "enrol" || step.kind === "install") && !isPinned(cluster);
}
