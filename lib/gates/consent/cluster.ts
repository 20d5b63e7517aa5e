import { RefusedError } from "../../base/errors/errors.js";
import { type Settings } from "../../settings/schema.js";
import { type ClusterAddress, describeIdentity, type SiteIdentity } from "../../site/identity.js";

/** UID of the cluster that a person confirmed on a terminal, set by the driver. */
export const confirmedClusterVariable = "PALETTE_CONFIRMED_CLUSTER";

type Pin = Settings["cluster"];

/** Whether `palette:cluster` says which cluster this stack belongs to. */
export function isPinned({ uid, server }: Pin): boolean {
  return uid !== null || server !== null;
}

/** Finds what contradicts `palette:cluster`; `found` is null where the cluster was not read. Pure. */
export function findPinMismatch(pin: Pin, { server }: ClusterAddress, found: string | null): RefusedError | null {
  const pinnedServer = pin.server === null ? null : new URL(pin.server).origin;
  if (pinnedServer !== null && server !== null && pinnedServer !== server) {
    return createMismatchError(`palette:cluster.server is ${pinnedServer}; the kubeconfig leads to ${server}.`);
  }
  if (pin.uid === null || found === null || pin.uid === found) return null;
  return createMismatchError(
    `palette:cluster.uid is ${pin.uid}; the kubeconfig leads to a cluster whose namespace kube-system has UID ${found}.`,
  );
}

function createMismatchError(message: string): RefusedError {
  return new RefusedError("CLUSTER_MISMATCH", message, {
    next: "Point palette:kubernetes.kubeconfig and palette:kubernetes.context at the pinned cluster, or select the stack of this one.",
  });
}

/**
 * Refuses to enrol a cluster that nobody has named: nothing else catches a wrong kubeconfig then.
 *
 * @throws RefusedError `CLUSTER_UNCONFIRMED`.
 */
export function requireConfirmedCluster(identity: SiteIdentity, pin: Pin, environment: NodeJS.ProcessEnv): void {
  if (isPinned(pin)) return;
  const confirmed = environment[confirmedClusterVariable] ?? "";
  if (confirmed !== "" && confirmed === identity.clusterUid) return;
  throw new RefusedError(
    "CLUSTER_UNCONFIRMED",
    `This stack was never enrolled, and nobody has said that it belongs to the cluster it would be enrolled on: ${describeIdentity(identity)}.`,
    {
      next:
        "Run palette-upgrade up on a terminal and confirm it there. Or set palette:cluster.uid to what " +
        '"kubectl get namespace kube-system --output jsonpath={.metadata.uid}" prints on the cluster that you mean, or ' +
        "palette:cluster.server to the address of its API server.",
    },
  );
}
