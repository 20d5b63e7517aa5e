import { type ClusterAddress, type SiteIdentity } from "../site/identity.js";
import { findInstallation } from "../site/installation.js";
import { type ActRequest } from "./types.js";

/** The stack of an act, and where its kubeconfig leads. */
export interface ActPlace extends ClusterAddress {
  stack: string;
}

/** Names the installation that an act is about, for the journal; what cannot be read is null and stops nothing. */
export async function identifyActSite(
  { site: { kubernetes }, settings, signal }: Pick<ActRequest, "site" | "settings" | "signal">,
  { stack, server, context }: ActPlace,
): Promise<SiteIdentity> {
  const orNull = async <T>(reading: Promise<T>): Promise<T | null> =>
    reading.catch(() => {
      signal.throwIfAborted();
      return null;
    });
  const [clusterUid, revisions] = await Promise.all([
    orNull(kubernetes.clusterUid()),
    orNull(kubernetes.helmRevisions()),
  ]);
  const installation = revisions === null ? null : findInstallation(revisions, settings.helm.namespace);
  return {
    stack,
    server,
    context,
    clusterUid,
    rootDomain: settings.site.rootDomain,
    version: installation?.state === "installed" ? installation.version : null,
    edition: settings.edition,
  };
}
