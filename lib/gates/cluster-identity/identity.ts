import type { KubernetesSite } from "../../site/types.js";
import { toErrorFinding, read, type Finding } from "../verdict/findings.js";

/** Checks that this is the enrolled cluster, before any gate, hook or act. `enrolled` is null if not enrolled yet. */
export async function checkClusterIdentity(
  kubernetes: Pick<KubernetesSite, "clusterUid">,
  enrolled: string | null,
): Promise<Finding[]> {
  const uid = await read(() => kubernetes.clusterUid());
  return uid.ok ? judgeIdentity(enrolled, uid.value) : [toErrorFinding(uid.error, null, unreadable)];
}

/** Returns no finding when the cluster is the enrolled one, otherwise a failure (never a mere warning). */
export function judgeIdentity(enrolled: string | null, found: string): Finding[] {
  if (enrolled === null || enrolled === found) return [];
  return [
    {
      outcome: "fail",
      code: "CLUSTER_MISMATCH",
      member: null,
      message:
        `This stack was enrolled on the cluster whose namespace kube-system has UID ${enrolled}; the kubeconfig leads to ` +
        `one with ${found}. Point palette:kubernetes.kubeconfig and palette:kubernetes.context at the enrolled cluster, or select the stack of this one.`,
    },
  ];
}

const unreadable = "The identity of the cluster (UID of namespace kube-system) could not be read";
