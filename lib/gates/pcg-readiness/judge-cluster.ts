import { loadRules } from "../../planning/rules/rules.js";
import type { PcgWorkloadRow } from "../../planning/rules/types.js";
import type { Workload } from "../../site/types.js";
import { describeShortfall } from "../rollout/judge.js";
import { toErrorFinding, createNote, type Finding, type Reading } from "../verdict/findings.js";
import { formatAgentImages, type GatewayCluster } from "./gateway-cluster.js";

/** Judges a gateway's cluster: the documented Deployments must exist, and every workload found must be ready. */
export function judgeGatewayCluster(subject: string, reading: Reading<GatewayCluster>): Finding[] {
  if (!reading.ok) return [toErrorFinding(reading.error, subject, `PCG ${subject}: its own cluster could not be read`)];
  const cluster = reading.value;
  if (cluster.isManagement) {
    const message =
      `PCG ${subject}: the cluster of its kubeconfig carries Palette itself (namespace hubble-system), so it is no gateway's. ` +
      "Correct the entry in palette:pcg.clusters.";
    return [{ outcome: "fail", code: "PCG_CLUSTER_WRONG", member: subject, message }];
  }
  const unready = cluster.workloads.filter((workload) => describeShortfall(workload) !== null);
  const missing = loadRules("pcg-workloads").filter(
    (row) => !cluster.workloads.some((one) => isWorkloadOfRow(row, one, cluster)),
  );
  return [
    ...missing
      .filter(({ expected }) => expected === "always")
      .map((row) => createMissingWorkloadFinding(subject, row, cluster)),
    ...unready.map((workload) => createNotReadyFinding(subject, workload)),
    ...createEvidenceNotes(subject, cluster),
  ];
}

/** Lists what a kubeconfig cannot show, each with its own code; like any unknown, it blocks until accepted. */
export function createUnseenFindings(subject: string): Finding[] {
  const nextStep = "Look at the gateway's page in Palette, and accept this reason by name for the hop where it is well";
  return [
    createUnseenFinding(
      subject,
      "PCG_HEARTBEAT_UNSEEN",
      `whether Palette hears of it (health and heartbeat)`,
      nextStep,
    ),
    createUnseenFinding(subject, "PCG_PAUSE_UNSEEN", `whether its updates are paused`, nextStep),
    createUnseenFinding(
      subject,
      "PCG_PROFILE_UPDATES_UNSEEN",
      `whether a cluster profile update is pending or being applied`,
      nextStep,
    ),
  ];
}

/** Creates the finding that without the API it is not known whether a tenant has more gateways. */
export function createUnseenTenantFinding(tenant: string): Finding {
  const message =
    `Tenant ${tenant} has no access to the Palette API, so whether it has gateways that palette:tenants does not list cannot be ` +
    "seen. See Tenant Settings > Private Cloud Gateways in Palette, and accept this reason by name where the list is whole.";
  return { outcome: "unknown", code: "TENANT_UNSEEN", member: tenant, message };
}

function createUnseenFinding(subject: string, code: string, what: string, next: string): Finding {
  const message = `PCG ${subject}: ${what} cannot be seen with the kubeconfig of its cluster alone. ${next}.`;
  return { outcome: "unknown", code, member: subject, message };
}

function isWorkloadOfRow(
  row: PcgWorkloadRow,
  { kind, namespace, name }: Workload,
  { agentNamespaces }: GatewayCluster,
): boolean {
  const isInNamespace = row.namespace === "cluster" ? agentNamespaces.includes(namespace) : namespace === row.namespace;
  return kind === "Deployment" && isInNamespace && name === row.deployment;
}

function createMissingWorkloadFinding(
  subject: string,
  row: PcgWorkloadRow,
  { agentNamespaces }: GatewayCluster,
): Finding {
  const where =
    row.namespace !== "cluster"
      ? `namespace ${row.namespace}`
      : agentNamespaces.length === 0
        ? "any namespace labelled spectrocloud.com/cluster-name or named cluster-…"
        : `namespace ${agentNamespaces.join(", ")}`;
  const message =
    `PCG ${subject}: Deployment ${row.deployment}, documented for every gateway, is not in ${where} of its cluster. ` +
    "Check that palette:pcg.clusters leads to this gateway's cluster.";
  return { outcome: "unknown", code: "PCG_WORKLOAD_MISSING", member: subject, message };
}

function createNotReadyFinding(subject: string, workload: Workload): Finding {
  const { kind, namespace, name } = workload;
  const message =
    `PCG ${subject}: ${kind} ${namespace}/${name} on its cluster: ${describeShortfall(workload)}, expected all ready. ` +
    `It may settle; "kubectl --namespace ${namespace} describe ${kind.toLowerCase()} ${name}" says why it does not.`;
  return { outcome: "wait", code: "PCG_WORKLOAD_NOT_READY", member: subject, message };
}

function createEvidenceNotes(subject: string, cluster: GatewayCluster): Finding[] {
  const images = formatAgentImages(cluster);
  const count = cluster.workloads.length;
  return images === ""
    ? []
    : [createNote(`PCG ${subject}: ${count} workloads on its cluster; agent ${images}.`, subject)];
}
