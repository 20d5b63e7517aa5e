import { imageName } from "../image-name.js";
import { rulesOf } from "../../plan/rules.js";
import type { KubernetesSite, Workload } from "../../site/types.js";

/** What a gateway's own cluster tells, without the Palette API. */
export interface GatewayCluster {
  /** True where it carries Palette itself: then it is no gateway's. */
  isManagement: boolean;
  /** Namespaces of the agent, sorted. */
  agentNamespaces: string[];
  workloads: Workload[];
}

/** Label of the agent's namespace, and the beginning of its name where the label is missing. */
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

/** Words before images that stand in for an agent's version, so that the two are never compared with each other. */
const imagePrefix = "images ";

/**
 * What stands in for the version of the agent: the images of its Deployments. Nothing documented reads the version itself
 * from the cluster. Empty where none of them is there.
 */
export function agentImages({ workloads, agentNamespaces }: GatewayCluster): string {
  const names = new Set(rulesOf("pcgWorkloads").flatMap(({ agent, deployment }) => (agent ? [deployment] : [])));
  const images = workloads
    .filter(
      ({ kind, namespace, name }) => kind === "Deployment" && agentNamespaces.includes(namespace) && names.has(name),
    )
    .flatMap(({ images: found }) => found.map(imageName));
  return images.length === 0 ? "" : `${imagePrefix}${[...new Set(images)].sort().join(", ")}`;
}

/** True for what {@link agentImages} tells, false for a version that the API told. */
export function isAgentImages(version: string): boolean {
  return version.startsWith(imagePrefix);
}
