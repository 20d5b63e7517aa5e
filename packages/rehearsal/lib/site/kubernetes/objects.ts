import { isActive } from "../faults.js";
import { formatMongoClaimName, computeUid, type KubernetesObject } from "./workloads.js";
import { installedBefore, formatIsoSeconds, type SiteModel, type SiteTime } from "../model.js";
import { computeReplicaSet } from "../mongo/replica-set.js";
import { listNamespaces, listWorkloads } from "./workload-list.js";

/** Addresses of the two ingress controllers, from a block reserved for documentation. */
export const nginxAddress = "203.0.113.10";
export const traefikAddress = "203.0.113.20";

/** Lists namespaces, Services, volume claims or disruption budgets; null for a resource that the site does not have. */
export function listPlainObjects(
  model: SiteModel,
  now: SiteTime,
  group: string,
  resource: string,
): { kind: string; apiVersion: string; objects: KubernetesObject[] } | null {
  const ofNoNamespace = emptyLists[`${group}/${resource}`];
  if (ofNoNamespace !== undefined) return { ...ofNoNamespace, objects: [] };
  const atOnce = model.empty === true && resource !== "namespaces";
  const found = listPresentObjects(model, now, group, resource);
  return found !== null && atOnce ? { ...found, objects: [] } : found;
}

/** Cluster-scoped resources, always empty: the stub charts contain none. */
const emptyLists: Partial<Record<string, { kind: string; apiVersion: string }>> = {
  "/persistentvolumes": { kind: "PersistentVolume", apiVersion: "v1" },
  "apiextensions.k8s.io/customresourcedefinitions": {
    kind: "CustomResourceDefinition",
    apiVersion: "apiextensions.k8s.io/v1",
  },
  "rbac.authorization.k8s.io/clusterroles": { kind: "ClusterRole", apiVersion: "rbac.authorization.k8s.io/v1" },
};

function listPresentObjects(
  model: SiteModel,
  now: SiteTime,
  group: string,
  resource: string,
): { kind: string; apiVersion: string; objects: KubernetesObject[] } | null {
  switch (`${group}/${resource}`) {
    case "/namespaces":
      return { kind: "Namespace", apiVersion: "v1", objects: createNamespaces(model) };
    case "/services":
      return { kind: "Service", apiVersion: "v1", objects: createServices(model) };
    case "/persistentvolumeclaims":
      return { kind: "PersistentVolumeClaim", apiVersion: "v1", objects: createVolumeClaims(model, now) };
    case "policy/poddisruptionbudgets":
      return { kind: "PodDisruptionBudget", apiVersion: "policy/v1", objects: createDisruptionBudgets(model, now) };
    default:
      return null;
  }
}

function createNamespaces(model: SiteModel): KubernetesObject[] {
  const bare = ["default", "kube-node-lease", "kube-public", "kube-system"];
  return (model.empty === true ? bare : listNamespaces(getRunningVersion(model))).map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      uid: name === "kube-system" ? getShownClusterUid(model) : computeUid(`namespace/${name}`),
      creationTimestamp: formatIsoSeconds(model.createdAt - installedBefore),
      labels: { "kubernetes.io/metadata.name": name },
    },
    status: { phase: "Active" },
  }));
}

function getShownClusterUid(model: SiteModel): string {
  return isActive(model, "wrong-cluster") ? model.otherClusterUid : model.clusterUid;
}

function createServices(model: SiteModel): KubernetesObject[] {
  const workloads = listWorkloads(getRunningVersion(model));
  const hasWorkload = (name: string): boolean => workloads.some((workload) => workload.name === name);
  const createService = (namespace: string, name: string, ip: string | null): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, uid: computeUid(`service/${namespace}/${name}`), annotations: {} },
    spec: { type: ip === null ? "ClusterIP" : "LoadBalancer" },
    status: { loadBalancer: ip === null ? {} : { ingress: [{ ip }] } },
  });
  return [
    createService("hubble-system", "mongo", null),
    ...(hasWorkload("ingress-nginx-controller")
      ? [createService("ingress-nginx", "ingress-nginx-controller", nginxAddress)]
      : []),
    ...(hasWorkload("traefik-ingress-controller")
      ? [createService("ingress-traefik", "traefik-ingress-controller", traefikAddress)]
      : []),
  ];
}

function createVolumeClaims(model: SiteModel, now: SiteTime): KubernetesObject[] {
  return computeReplicaSet(model, now).members.map(({ ordinal }) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: formatMongoClaimName(ordinal),
      namespace: "hubble-system",
      uid: computeUid(`claim/${ordinal}`),
      labels: { role: "mongo" },
    },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "20Gi" } } },
    status: { phase: "Bound" },
  }));
}

function createDisruptionBudgets(model: SiteModel, now: SiteTime): KubernetesObject[] {
  const { members } = computeReplicaSet(model, now);
  const currentHealthy = members.filter(({ ready }) => ready).length;
  return [
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: {
        name: "mongo-pdb",
        namespace: "hubble-system",
        uid: computeUid("pdb/mongo"),
        labels: { role: "mongo" },
      },
      spec: { minAvailable: 2, selector: { matchLabels: { role: "mongo" } } },
      status: {
        currentHealthy,
        desiredHealthy: 2,
        disruptionsAllowed: Math.max(0, currentHealthy - 2),
        expectedPods: members.length,
      },
    },
  ];
}

function getRunningVersion(model: SiteModel): string {
  return model.hops.at(-1)?.to ?? model.startVersion;
}
