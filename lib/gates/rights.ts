import type { GateName } from "../planning/rules/gate-names.js";

/** One permission on the management cluster that a gate's account needs. */
export interface KubernetesRight {
  /** API group; "" is the core group. */
  group: string;
  resources: readonly string[];
  verbs: readonly string[];
  /** `cluster`: in all namespaces; `mongo`, `release`: in MongoDB's or the release's namespace alone. */
  where: "cluster" | "mongo" | "release";
  /** The only objects it is needed for; absent: all. */
  names?: readonly string[];
  /** When it is needed, where that is not always. */
  only?: string;
}

/** The minimum permissions of a gate. deploy/gates-role.yaml is the sum of them; a test compares the two. */
export interface GateRights {
  kubernetes: readonly KubernetesRight[];
  /** Role of the API key's user in Palette; absent where the Palette API is not used. */
  palette?: string;
  /** What must be allowed elsewhere. */
  elsewhere?: readonly string[];
}

const identity: KubernetesRight = {
  group: "",
  resources: ["namespaces"],
  verbs: ["get"],
  where: "cluster",
  names: ["kube-system"],
};
const records: KubernetesRight = { group: "", resources: ["secrets"], verbs: ["list"], where: "cluster" };
const oneRecord: KubernetesRight = { group: "", resources: ["secrets"], verbs: ["get"], where: "cluster" };
const pods: KubernetesRight = { group: "", resources: ["pods"], verbs: ["list"], where: "cluster" };
const podLog: KubernetesRight = { group: "", resources: ["pods/log"], verbs: ["get"], where: "cluster" };
const workloads: KubernetesRight = {
  group: "apps",
  resources: ["deployments", "statefulsets", "daemonsets"],
  verbs: ["list"],
  where: "cluster",
};
const ingressServices: KubernetesRight = {
  group: "",
  resources: ["services"],
  verbs: ["get"],
  where: "cluster",
  names: ["ingress-nginx-controller", "traefik-ingress-controller"],
};
const backupRecord: KubernetesRight = {
  group: "",
  resources: ["configmaps"],
  verbs: ["get"],
  where: "release",
  names: ["palette-upgrade-backup"],
  only: "where palette:backupCommand is not set",
};

const stuck = "where a revision is stuck";
/** Permissions of every gate, to determine the cluster and the installed version. */
const locationRights = [identity, records];
const mongo: GateRights = {
  kubernetes: [
    ...locationRights,
    oneRecord,
    pods,
    workloads,
    { group: "", resources: ["pods/exec"], verbs: ["get", "create"], where: "mongo" },
    { group: "", resources: ["persistentvolumeclaims"], verbs: ["list"], where: "mongo" },
    { group: "policy", resources: ["poddisruptionbudgets"], verbs: ["list"], where: "mongo" },
  ],
  elsewhere: ["An external MongoDB: a user with role clusterMonitor on admin; then none of MongoDB's namespace"],
};
const tenantViewer = "Tenant Viewer in each tenant of palette:tenants; none where palette:pcgClusters sees the gateway";

/** Minimum permissions by gate. */
export const gateRights: Readonly<Record<GateName, GateRights>> = {
  "mongo-replica-set": mongo,
  "mongo-fcv": mongo,
  "helm-release": {
    kubernetes: [
      ...locationRights,
      { ...oneRecord, only: stuck },
      { ...pods, only: stuck },
      { ...workloads, only: stuck },
    ],
  },
  rollout: { kubernetes: [...locationRights, pods, podLog, workloads] },
  "kubernetes-version": { kubernetes: locationRights, elsewhere: ["/version, which every account may read"] },
  "pcg-readiness": {
    kubernetes: locationRights,
    palette: tenantViewer,
    elsewhere: [
      "A gateway's own cluster, where palette:pcgClusters names one: list on namespaces, deployments, statefulsets, daemonsets",
    ],
  },
  "pcg-catch-up": {
    kubernetes: [...locationRights, pods, podLog, workloads],
    palette: tenantViewer,
    elsewhere: [
      "A gateway's own cluster, where palette:pcgClusters names one: list on namespaces, deployments, statefulsets, daemonsets",
    ],
  },
  ingress: { kubernetes: [...locationRights, ingressServices] },
  "ingress-exposure": { kubernetes: [...locationRights, ingressServices] },
  values: { kubernetes: [...locationRights, oneRecord], elsewhere: ["Reading the chart source of palette:charts"] },
  images: {
    kubernetes: [...locationRights, oneRecord],
    elsewhere: ["Reading the chart source of palette:charts", "Pulling from the installation's image registry"],
  },
  backup: {
    kubernetes: [...locationRights, backupRecord],
    elsewhere: ["What the command of palette:backupCommand needs, where it is set"],
  },
  window: { kubernetes: locationRights },
  promotion: {
    kubernetes: locationRights,
    elsewhere: ["Reading the chart source of palette:charts, and the stack of palette:promotionStack where it is set"],
  },
  "own-check": { kubernetes: locationRights, elsewhere: ["What the commands of palette:checks need"] },
};

/** Describes a permission in one line for `--explain`. */
export function describeRight({ group, resources, verbs, where, names, only }: KubernetesRight): string {
  const what = resources.map((resource) => (group === "" ? resource : `${group}/${resource}`)).join(", ");
  const scope = { cluster: "all namespaces", mongo: "MongoDB's namespace", release: "the release's namespace" }[where];
  const which = names === undefined ? "" : ` ${names.join(", ")}`;
  return `${verbs.join(", ")} on ${what}${which} (${scope})${only === undefined ? "" : `, ${only}`}`;
}
