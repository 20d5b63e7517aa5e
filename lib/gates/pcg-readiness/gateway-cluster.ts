import { getImageName } from "../image-name.js";
import { loadRules } from "../../planning/rules/rules.js";
import type { KubernetesSite, Workload } from "../../site/types.js";

/** What is read from a gateway's own cluster, without the Palette API. */
export interface GatewayCluster {
  /** True if Palette itself runs on it: then it is not a gateway's cluster. */
  isManagement: boolean;
  /** Namespaces of the agent, sorted. */
  agentNamespaces: string[];
  workloads: Workload[];
}

/** Label of the agent's namespace, and the prefix of its name for when the label is missing. */
const clusterLabel = "spectrocloud.com/cluster-name";
const clusterPrefix = "cluster-";
const managementNamespace = "hubble-system";
const jetNamespace = "jet-system";

/** Reads a gateway's cluster. Throws SiteError. */
export async function probeGatewayCluster(kubernetes: KubernetesSite): Promise<GatewayCluster> {
  const all = await kubernetes.namespaces();
  const labelled = await kubernetes.namespaces(clusterLabel);
  const agentNamespaces = labelled.length > 0 ? labelled : all.filter((name) => name.startsWith(clusterPrefix));
  const namespaces = [...new Set([...agentNamespaces, jetNamespace])].filter((name) => all.includes(name)).sort();
  const workloads = await kubernetes.workloads(namespaces);
  return { isManagement: all.includes(managementNamespace), agentNamespaces: [...agentNamespaces].sort(), workloads };
}

/** Marks images that replace an agent version, so that images and versions are never compared with each other. */
const imagePrefix = "images ";

/**
 * Formats the images of the agent's Deployments, used in place of its version: there is no documented way to read the
 * version itself from the cluster. Empty when none of the Deployments exists.
 */
export function formatAgentImages({ workloads, agentNamespaces }: GatewayCluster): string {
  const names = new Set(loadRules("pcg-workloads").flatMap(({ agent, deployment }) => (agent ? [deployment] : [])));
  const images = workloads
    .filter(
      ({ kind, namespace, name }) => kind === "Deployment" && agentNamespaces.includes(namespace) && names.has(name),
    )
    .flatMap(({ images: found }) => found.map(getImageName));
  return images.length === 0 ? "" : `${imagePrefix}${[...new Set(images)].sort().join(", ")}`;
}

/** True for the text that {@link formatAgentImages} returns, false for a version from the API. */
export function isAgentImages(version: string): boolean {
  return version.startsWith(imagePrefix);
}
