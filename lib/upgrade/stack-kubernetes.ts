import { resolve } from "node:path";
import { connectKubernetes } from "../site/kubernetes-client.js";
import { type KubernetesSite } from "../site/types.js";
import { type Settings } from "../stack/settings-schema.js";

export interface Place {
  /** Where a relative kubeconfig begins, as for the program. */
  projectDir: string;
  environment: NodeJS.ProcessEnv;
}

/** The cluster of a stack, asked from outside of its program. @throws InvalidInputError for a kubeconfig that cannot be used. */
export function kubernetesOf(
  { kubeconfig, context }: Pick<Settings, "kubeconfig" | "context">,
  { projectDir, environment }: Place,
): KubernetesSite {
  return connectKubernetes({
    kubeconfig: kubeconfig === "" ? null : resolve(projectDir, kubeconfig),
    context: context || null,
    environment,
  });
}
