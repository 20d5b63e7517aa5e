import semver from "semver";
import { type WorkloadKind } from "../../../../../lib/planning/rules/types.js";
import { type Version } from "../../../../../lib/planning/version/version.js";

/** One workload of the simulated installation. Names and counts as the vendor's guides show them. */
export interface WorkloadSpec {
  kind: WorkloadKind;
  namespace: string;
  name: string;
  replicas: number;
  container: string;
  labels: Record<string, string>;
  /** Versions that have it; a semver range. */
  versions: string;
}

const hubbleDeployments: [name: string, replicas: number][] = [
  ["auth", 2],
  ["cloud", 2],
  ["configserver", 1],
  ["event", 2],
  ["foreq", 1],
  ["hashboard", 2],
  ["hutil", 2],
  ["memstore", 1],
  ["mgmt", 1],
  ["oci-proxy", 1],
  ["reloader-reloader", 1],
  ["spectro-tunnel", 1],
  ["spectrocluster", 3],
  ["spectrocluster-jobs", 1],
  ["spectrocluster-reconciler", 1],
  ["spectroclusterop", 2],
  ["spectrossh", 1],
  ["system", 2],
  ["timeseries", 3],
  ["user", 2],
];

const always = "*";

/** In the order in which a hop restarts them; MongoDB has its own timing. */
const specs: WorkloadSpec[] = [
  ...["cert-manager", "cert-manager-cainjector", "cert-manager-webhook"].map((name) =>
    createSpec("Deployment", "cert-manager", name, 1, always),
  ),
  ...hubbleDeployments.map(([name, replicas]) => createSpec("Deployment", "hubble-system", name, replicas, always)),
  createSpec("StatefulSet", "hubble-system", "mongo", 3, always, { role: "mongo" }),
  createSpec("Deployment", "hubble-system", "msgbroker", 1, "<4.9.0"),
  createSpec("StatefulSet", "hubble-system", "msgbroker", 2, ">=4.9.0"),
  createSpec("StatefulSet", "hubble-system", "specman", 1, ">=4.9.0"),
  createSpec("Deployment", "cp-system", "spectro-cp-ui", 1, always),
  createSpec("Deployment", "ui-system", "spectro-ui", 1, always),
  createSpec("DaemonSet", "ingress-nginx", "ingress-nginx-controller", 3, "<4.9.14", {}, "controller"),
  createSpec("DaemonSet", "ingress-traefik", "traefik-ingress-controller", 3, ">=4.8.47", {}, "controller"),
  createSpec("Deployment", "jet-system", "jet", 1, always),
];

function createSpec(
  kind: WorkloadKind,
  namespace: string,
  name: string,
  replicas: number,
  versions: string,
  labels: Record<string, string> = {},
  container = name,
): WorkloadSpec {
  return { kind, namespace, name, replicas, container, labels: { component: name, ...labels }, versions };
}

/** Lists the workloads that a version runs. */
export function listWorkloads(version: Version): WorkloadSpec[] {
  return specs.filter(({ versions }) => semver.satisfies(version, versions));
}

/** Lists the namespaces of a cluster with this version; `ingress-nginx` outlives its controller on purpose. */
export function listNamespaces(version: Version): string[] {
  const platform = new Set([...listWorkloads(version).map(({ namespace }) => namespace), "ingress-nginx"]);
  return ["default", "kube-node-lease", "kube-public", "kube-system", ...platform].sort();
}

/** Lists the Jobs whose pods have completed. */
export function listCompletedJobs(version: Version): { namespace: string; job: string }[] {
  const jobs = [{ namespace: "hubble-system", job: "packsync-29384610" }];
  return semver.satisfies(version, ">=4.8.0")
    ? [...jobs, { namespace: "hubble-system", job: "mongodb-key-manager-helm-job" }]
    : jobs;
}
