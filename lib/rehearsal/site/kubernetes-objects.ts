import { isActive } from "./faults.js";
import { mongoClaim, uid, type KubernetesObject } from "./kubernetes-workloads.js";
import { installedBefore, isoSeconds, type SiteModel, type SiteTime } from "./model.js";
import { mongoAt } from "./mongo-set.js";
import { namespacesOf, workloadsOf } from "./workload-list.js";

/** Addresses of the two ingress controllers; of a block that is set aside for examples. */
export const nginxAddress = "203.0.113.10";
export const traefikAddress = "203.0.113.20";

/** Namespaces, Services, volume claims and disruption budgets; null for a resource that the site does not have. */
export function plainObjects(
  model: SiteModel,
  now: SiteTime,
  group: string,
  resource: string,
): { kind: string; apiVersion: string; objects: KubernetesObject[] } | null {
  const ofNoNamespace = emptyLists[`${group}/${resource}`];
  if (ofNoNamespace !== undefined) return { ...ofNoNamespace, objects: [] };
  const atOnce = model.empty === true && resource !== "namespaces";
  const found = present(model, now, group, resource);
  return found !== null && atOnce ? { ...found, objects: [] } : found;
}

/** Objects of no namespace: the stand-in charts hold none. */
const emptyLists: Partial<Record<string, { kind: string; apiVersion: string }>> = {
  "/persistentvolumes": { kind: "PersistentVolume", apiVersion: "v1" },
  "apiextensions.k8s.io/customresourcedefinitions": {
    kind: "CustomResourceDefinition",
    apiVersion: "apiextensions.k8s.io/v1",
  },
  "rbac.authorization.k8s.io/clusterroles": { kind: "ClusterRole", apiVersion: "rbac.authorization.k8s.io/v1" },
};

function present(
  model: SiteModel,
  now: SiteTime,
  group: string,
  resource: string,
): { kind: string; apiVersion: string; objects: KubernetesObject[] } | null {
  switch (`${group}/${resource}`) {
    case "/namespaces":
      return { kind: "Namespace", apiVersion: "v1", objects: namespaces(model) };
    case "/services":
      return { kind: "Service", apiVersion: "v1", objects: services(model) };
    case "/persistentvolumeclaims":
      return { kind: "PersistentVolumeClaim", apiVersion: "v1", objects: volumeClaims(model, now) };
    case "policy/poddisruptionbudgets":
      return { kind: "PodDisruptionBudget", apiVersion: "policy/v1", objects: disruptionBudgets(model, now) };
    default:
      return null;
  }
}

function namespaces(model: SiteModel): KubernetesObject[] {
  const bare = ["default", "kube-node-lease", "kube-public", "kube-system"];
  return (model.empty === true ? bare : namespacesOf(running(model))).map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      uid: name === "kube-system" ? shownClusterUid(model) : uid(`namespace/${name}`),
      creationTimestamp: isoSeconds(model.createdAt - installedBefore),
      labels: { "kubernetes.io/metadata.name": name },
    },
    status: { phase: "Active" },
  }));
}

function shownClusterUid(model: SiteModel): string {
  return isActive(model, "wrong-cluster") ? model.otherClusterUid : model.clusterUid;
}

function services(model: SiteModel): KubernetesObject[] {
  const workloads = workloadsOf(running(model));
  const has = (name: string): boolean => workloads.some((workload) => workload.name === name);
  const service = (namespace: string, name: string, ip: string | null): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, uid: uid(`service/${namespace}/${name}`), annotations: {} },
    spec: { type: ip === null ? "ClusterIP" : "LoadBalancer" },
    status: { loadBalancer: ip === null ? {} : { ingress: [{ ip }] } },
  });
  return [
    service("hubble-system", "mongo", null),
    ...(has("ingress-nginx-controller") ? [service("ingress-nginx", "ingress-nginx-controller", nginxAddress)] : []),
    ...(has("traefik-ingress-controller")
      ? [service("ingress-traefik", "traefik-ingress-controller", traefikAddress)]
      : []),
  ];
}

function volumeClaims(model: SiteModel, now: SiteTime): KubernetesObject[] {
  return mongoAt(model, now).members.map(({ ordinal }) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: mongoClaim(ordinal),
      namespace: "hubble-system",
      uid: uid(`claim/${ordinal}`),
      labels: { role: "mongo" },
    },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "20Gi" } } },
    status: { phase: "Bound" },
  }));
}

function disruptionBudgets(model: SiteModel, now: SiteTime): KubernetesObject[] {
  const { members } = mongoAt(model, now);
  const currentHealthy = members.filter(({ ready }) => ready).length;
  return [
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "mongo-pdb", namespace: "hubble-system", uid: uid("pdb/mongo"), labels: { role: "mongo" } },
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

function running(model: SiteModel): string {
  return model.hops.at(-1)?.to ?? model.startVersion;
}
