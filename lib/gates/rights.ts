import type { GateName } from "./gate-names.js";

/** One thing that the account a gate runs with must be allowed on the management cluster. */
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

/** The least that a gate needs to be let do. deploy/gates-role.yaml is the sum of them; a test holds both together. */
export interface GateRights {
  kubernetes: readonly KubernetesRight[];
  /** Role of the API key's user in Palette; absent where Palette is not asked. */
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
/** Every gate first tells where it is. */
const place = [identity, records];
const mongo: GateRights = {
  kubernetes: [
    ...place,
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

/** By gate. */
export const gateRights: Readonly<Record<GateName, GateRights>> = {
  "mongo-replica-set": mongo,
  "mongo-fcv": mongo,
  "helm-release": {
    kubernetes: [...place, { ...oneRecord, only: stuck }, { ...pods, only: stuck }, { ...workloads, only: stuck }],
  },
  rollout: { kubernetes: [...place, pods, podLog, workloads] },
  "kubernetes-version": { kubernetes: place, elsewhere: ["/version, which every account may read"] },
  "pcg-readiness": {
    kubernetes: place,
    palette: tenantViewer,
    elsewhere: [
      "A gateway's own cluster, where palette:pcgClusters names one: list on namespaces, deployments, statefulsets, daemonsets",
    ],
  },
  "pcg-catch-up": {
    kubernetes: [...place, pods, podLog, workloads],
    palette: tenantViewer,
    elsewhere: [
      "A gateway's own cluster, where palette:pcgClusters names one: list on namespaces, deployments, statefulsets, daemonsets",
    ],
  },
  ingress: { kubernetes: [...place, ingressServices] },
  "ingress-exposure": { kubernetes: [...place, ingressServices] },
  values: { kubernetes: [...place, oneRecord], elsewhere: ["Reading the chart source of palette:charts"] },
  images: {
    kubernetes: [...place, oneRecord],
    elsewhere: ["Reading the chart source of palette:charts", "Pulling from the installation's image registry"],
  },
  backup: {
    kubernetes: [...place, backupRecord],
    elsewhere: ["What the command of palette:backupCommand needs, where it is set"],
  },
  window: { kubernetes: place },
  promotion: {
    kubernetes: place,
    elsewhere: ["Reading the chart source of palette:charts, and the stack of palette:promotionStack where it is set"],
  },
  "own-check": { kubernetes: place, elsewhere: ["What the commands of palette:checks need"] },
};

/** One line for `--explain`. */
export function describeRight({ group, resources, verbs, where, names, only }: KubernetesRight): string {
  const what = resources.map((resource) => (group === "" ? resource : `${group}/${resource}`)).join(", ");
  const place = { cluster: "all namespaces", mongo: "MongoDB's namespace", release: "the release's namespace" }[where];
  const which = names === undefined ? "" : ` ${names.join(", ")}`;
  return `${verbs.join(", ")} on ${what}${which} (${place})${only === undefined ? "" : `, ${only}`}`;
}
