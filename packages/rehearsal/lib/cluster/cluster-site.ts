import { rehearsalVariable } from "../../../../lib/program/rehearsal/variables.js";
import { getErrorMessage, RefusedError } from "../../../../lib/base/errors/errors.js";
import { type Edition } from "../../../../lib/planning/matrix/types.js";
import { findHighestKubernetes } from "../../../../lib/planning/rules/rules.js";
import { resolveClusterAccess } from "../../../../lib/site/kubernetes/access.js";
import { findKubeconfig } from "../../../../lib/site/kubernetes/kubeconfig.js";
import { openConnection } from "../../../../lib/site/kubernetes/connection.js";
import { type Version } from "../../../../lib/planning/version/version.js";
import { writeKubeconfig } from "../site/kubernetes/kubeconfig.js";
import { listPcgNames } from "../site/palette/routes.js";
import { type RunningSite, type SimulatedSiteOptions } from "../types.js";
import { ClusterFront } from "./cluster-front.js";
import { GatewayModel } from "./gateway-model.js";
import { type RequestCount } from "./request-count.js";
import { Upstream } from "./upstream.js";

interface ClusterSiteOptions extends Pick<SimulatedSiteOptions, "pcgs" | "directory" | "stateFile"> {
  cluster: ConnectedCluster;
  /** Version at the start. */
  version: Version;
  edition: Edition;
  /** How many times faster the simulated gateways run than the vendor's. */
  pace: number;
  /** Null: the cluster's own version. */
  kubernetesVersion: string | null;
  simulateMongo: boolean;
}

/** A real cluster that serves as the site of a rehearsal. */
export interface ClusterSite extends RunningSite {
  /** Returns the requests to the cluster since the last call, and resets the count. */
  takeRequests(): RequestCount[];
  token: string;
}

const requestSeconds = 30;

/** A cluster reached by its kubeconfig, not yet behind the proxy of the rehearsal. */
export interface ConnectedCluster {
  upstream: Upstream;
  /** Origin of its API server. */
  server: string;
  uid: string;
}

/** Connects to a cluster.
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE`, `KUBECONFIG_CONTEXT`; RefusedError `CLUSTER_UNREADABLE`.
 */
export async function connectCluster(kubeconfig: string, context: string | null): Promise<ConnectedCluster> {
  const location = findKubeconfig({ kubeconfig, context }, {});
  const { config, server } = await openConnection(
    location,
    requestSeconds,
    resolveClusterAccess(location, process.env),
  );
  const upstream = new Upstream(config);
  try {
    const found = await upstream.readJson<{ metadata: { uid: string } }>("/api/v1/namespaces/kube-system");
    if (found === null) throw new Error("it has no namespace kube-system");
    return { upstream, server, uid: found.metadata.uid };
  } catch (error) {
    upstream.close();
    throw new RefusedError(
      "CLUSTER_UNREADABLE",
      `The cluster at ${server} cannot be read: ${getErrorMessage(error)}.`,
      {
        next: "Check it with kubectl cluster-info, then run the same command again.",
        cause: error,
      },
    );
  }
}

/** Starts the proxy in front of a cluster and writes the kubeconfig that points to it. */
export async function startClusterSite(options: ClusterSiteOptions): Promise<ClusterSite> {
  const { upstream, uid } = options.cluster;
  const gateways = new GatewayModel(options, upstream);
  const front = new ClusterFront({ ...options, upstream, gateways });
  const url = await front.listen();
  return {
    url,
    kubeconfig: writeKubeconfig(options.directory, `${url}/${front.token}`),
    apiKeys: gateways.model.apiKeys,
    clusterUid: uid,
    pcgs: listPcgNames(gateways.model),
    environment: { [rehearsalVariable]: `${url}/rehearsal` },
    changeFaults: (change) => Promise.resolve(gateways.changeFaults(change)),
    stop: () => front.stop(),
    takeRequests: () => front.requests.take(),
    token: front.token,
  };
}

/** Returns the newest Kubernetes version that all these Palette versions support; null where one has no row. */
export function findCommonKubernetes(versions: readonly Version[]): string | null {
  const minors = versions.map((version) => findHighestKubernetes(version)?.minor);
  if (minors.some((minor) => minor === undefined)) return null;
  const lowest = minors
    .map((minor) => minor!.split(".").map(Number) as [number, number])
    .sort(([a, b], [c, d]) => a - c || b - d)[0];
  return lowest === undefined ? null : `v${lowest[0]}.${lowest[1]}.0`;
}
