import { type Edition } from "../planning/matrix/types.js";
import { type Version } from "../planning/version/version.js";

/** Which cluster a kubeconfig leads to, as far as it says itself; null where it cannot be read. */
export interface ClusterAddress {
  /** Origin of the API server. */
  server: string | null;
  context: string | null;
}

/** Which installation a run is about, for people: a wrong kubeconfig shows here. */
export interface SiteIdentity extends ClusterAddress {
  stack: string;
  /** UID of namespace `kube-system`; null where it was not read. */
  clusterUid: string | null;
  rootDomain: string | null;
  /** Null where nothing is installed, or it was not read. */
  version: Version | null;
  edition: Edition;
}

/** Names the installation in one line. */
export function describeIdentity(identity: SiteIdentity): string {
  const { stack, server, context, clusterUid, rootDomain, version, edition } = identity;
  return [
    `stack ${stack}`,
    `API server ${server ?? "not known"}`,
    `context ${context ?? "none"}`,
    `cluster UID ${clusterUid ?? "not read"}`,
    `${edition === "vertex" ? "Palette VerteX" : "Palette"} ${version ?? "(not installed, or not read)"}`,
    `root domain ${rootDomain ?? "not set"}`,
  ].join(", ");
}
