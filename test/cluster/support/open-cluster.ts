import { type ClusterUnderTest } from "./cluster-under-test.js";
import { startControlPlane, type ControlPlane, type ControlPlaneOptions } from "./control-plane.js";
import { openGivenCluster } from "./given-cluster.js";
import { isGiven, type GivenTools, type Tools } from "./tool-names.js";

export interface OpenOptions extends Omit<ControlPlaneOptions, "tools"> {
  tools: Tools | GivenTools;
}

/** The cluster that was given, else a control plane of ours. */
export interface OpenedCluster {
  plane: ClusterUnderTest;
  /** Null on a given cluster, whose parts are not ours to end. */
  own: ControlPlane | null;
}

/** @throws RefusedError `CLUSTER_NOT_THROWAWAY` where what was given holds anything of somebody's. */
export async function openCluster(options: OpenOptions): Promise<OpenedCluster> {
  const { tools } = options;
  if (isGiven(tools)) return { plane: await openGivenCluster(tools), own: null };
  const own = await startControlPlane({ ...options, tools });
  return { plane: own, own };
}
