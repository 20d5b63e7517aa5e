import { resolve } from "node:path";
import { connectKubernetes } from "../site/kubernetes-client.js";
import { type KubernetesSite } from "../site/types.js";
import { type Settings } from "../stack/settings-schema.js";

export interface ClusterLocation {
  /** Base of a relative kubeconfig path, as for the program. */
  projectDir: string;
  environment: NodeJS.ProcessEnv;
}

/**
 * Connects to the cluster of a stack from outside of its program.
 *
 * @throws InvalidInputError for an unusable kubeconfig.
 */
export function connectStackKubernetes(
  { kubeconfig, context }: Pick<Settings, "kubeconfig" | "context">,
  { projectDir, environment }: ClusterLocation,
): KubernetesSite {
  return connectKubernetes({
    kubeconfig: kubeconfig === "" ? null : resolve(projectDir, kubeconfig),
    context: context || null,
    environment,
  });
}
