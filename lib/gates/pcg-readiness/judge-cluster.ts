import { rulesOf } from "../../plan/rules.js";
import type { PcgWorkloadRow } from "../../plan/rules-types.js";
import type { Workload } from "../../site/types.js";
import { shortfallOf } from "../rollout/judge.js";
import { findingOfError, note, type Finding, type Reading } from "../verdict.js";
import { agentImages, type GatewayCluster } from "./gateway-cluster.js";

/** The documented Deployments of a gateway are there, and all that is there is ready. */
export function judgeGatewayCluster(subject: string, reading: Reading<GatewayCluster>): Finding[] {
  if (!reading.ok) return [findingOfError(reading.error, subject, `PCG ${subject}: its own cluster could not be read`)];
  const cluster = reading.value;
  if (cluster.isManagement) {
    const message =
      `PCG ${subject}: the cluster of its kubeconfig carries Palette itself (namespace hubble-system), so it is no gateway's. ` +
      "Correct the entry in palette:pcgClusters.";
    return [{ outcome: "fail", code: "PCG_CLUSTER_WRONG", member: subject, message }];
  }
  const unready = cluster.workloads.filter((workload) => shortfallOf(workload) !== null);
  const missing = rulesOf("pcgWorkloads").filter((row) => !cluster.workloads.some((one) => isOf(row, one, cluster)));
  return [
    ...missing.filter(({ expected }) => expected === "always").map((row) => missingWorkload(subject, row, cluster)),
    ...unready.map((workload) => notReady(subject, workload)),
    ...evidence(subject, cluster),
  ];
}

/** What a kubeconfig cannot show, each by name: it blocks like all that is not known, until somebody accepts it. */
export function unseenByCluster(subject: string): Finding[] {
  const look = "Look at the gateway's page in Palette, and accept this reason by name for the hop where it is well";
  return [
    unseen(subject, "PCG_HEARTBEAT_UNSEEN", `whether Palette hears of it (health and heartbeat)`, look),
    unseen(subject, "PCG_PAUSE_UNSEEN", `whether its updates are paused`, look),
    unseen(subject, "PCG_PROFILE_UPDATES_UNSEEN", `whether a cluster profile update is pending or being applied`, look),
  ];
}

/** That a tenant may have further gateways is not seen either. */
export function tenantUnseen(tenant: string): Finding {
  const message =
    `Tenant ${tenant} has no access to the Palette API, so whether it has gateways that palette:tenants does not list cannot be ` +
    "seen. See Tenant Settings > Private Cloud Gateways in Palette, and accept this reason by name where the list is whole.";
  return { outcome: "unknown", code: "TENANT_UNSEEN", member: tenant, message };
}

function unseen(subject: string, code: string, what: string, next: string): Finding {
  const message = `PCG ${subject}: ${what} cannot be seen with the kubeconfig of its cluster alone. ${next}.`;
  return { outcome: "unknown", code, member: subject, message };
}

function isOf(row: PcgWorkloadRow, { kind, namespace, name }: Workload, { agentNamespaces }: GatewayCluster): boolean {
  const place = row.namespace === "cluster" ? agentNamespaces.includes(namespace) : namespace === row.namespace;
  return kind === "Deployment" && place && name === row.deployment;
}

function missingWorkload(subject: string, row: PcgWorkloadRow, { agentNamespaces }: GatewayCluster): Finding {
  const where =
    row.namespace !== "cluster"
      ? `namespace ${row.namespace}`
      : agentNamespaces.length === 0
        ? "any namespace labelled spectrocloud.com/cluster-name or named cluster-…"
        : `namespace ${agentNamespaces.join(", ")}`;
  const message =
    `PCG ${subject}: Deployment ${row.deployment}, documented for every gateway, is not in ${where} of its cluster. ` +
    "Check that palette:pcgClusters leads to this gateway's cluster.";
  return { outcome: "unknown", code: "PCG_WORKLOAD_MISSING", member: subject, message };
}

function notReady(subject: string, workload: Workload): Finding {
  const { kind, namespace, name } = workload;
  const message =
    `PCG ${subject}: ${kind} ${namespace}/${name} on its cluster: ${shortfallOf(workload)}, expected all ready. ` +
    `It may settle; "kubectl --namespace ${namespace} describe ${kind.toLowerCase()} ${name}" says why it does not.`;
  return { outcome: "wait", code: "PCG_WORKLOAD_NOT_READY", member: subject, message };
}

function evidence(subject: string, cluster: GatewayCluster): Finding[] {
  const images = agentImages(cluster);
  const count = cluster.workloads.length;
  return images === "" ? [] : [note(`PCG ${subject}: ${count} workloads on its cluster; agent ${images}.`, subject)];
}
