import { InvalidInputError } from "../../base/errors/errors.js";
import { type ClusterAddress } from "../identity.js";
import { findKubeconfig, type KubeconfigRequest } from "./kubeconfig.js";

/** Reads from the kubeconfig, without a network, where it leads. */
export function readClusterAddress(request: KubeconfigRequest, environment: NodeJS.ProcessEnv): ClusterAddress {
  try {
    const { merged } = findKubeconfig(request, environment);
    if (merged === undefined) return { server: readServiceAddress(environment), context: null };
    const context = request.context ?? merged.currentContext;
    const cluster = context === null ? undefined : merged.contexts.get(context)?.entry.cluster;
    return { server: toOrigin(merged.clusters.get(cluster ?? "")?.entry.server), context };
  } catch (error) {
    if (error instanceof InvalidInputError) return { server: null, context: null };
    throw error;
  }
}

/** The address that a pod is given. */
function readServiceAddress(environment: NodeJS.ProcessEnv): string | null {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "443" } = environment;
  return toOrigin(`https://${host.includes(":") ? `[${host}]` : host}:${port}`);
}

function toOrigin(server: unknown): string | null {
  return typeof server === "string" && URL.canParse(server) ? new URL(server).origin : null;
}
