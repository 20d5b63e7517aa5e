import { createLazy } from "../../base/process/lazy.js";
import { SiteError } from "../../base/errors/site-error.js";
import { resolveClusterAccess } from "./access.js";
import { findKubeconfig, type KubeconfigRequest } from "./kubeconfig.js";
import { callKubernetes, openConnection } from "./connection.js";

/** The few writes that acts make in a cluster. Gates have no access to them. */
export interface KubernetesWrites {
  /** Creates the ConfigMap, or replaces all of its text entries. */
  putConfigMap(namespace: string, name: string, data: Record<string, string>): Promise<void>;
}

/**
 * Creates the writing client of a cluster; its methods throw SiteError.
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE`, `KUBECONFIG_CONTEXT`, `KUBECONFIG_PLUGIN`, `PROXY_INVALID`.
 */
export function connectKubernetesWrites(
  options: KubeconfigRequest & { environment?: NodeJS.ProcessEnv },
): KubernetesWrites {
  const environment = options.environment ?? process.env;
  const location = findKubeconfig(options, environment);
  const access = resolveClusterAccess(location, environment);
  const open = createLazy(() => openConnection(location, 30, access));
  return {
    async putConfigMap(namespace, name, data) {
      const { core, server } = await open();
      const body = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, namespace, labels: managedByLabels },
        data,
      };
      const toOperation = (verb: string): Parameters<typeof callKubernetes>[0] => ({
        server,
        verb,
        resource: "configmaps",
        namespace,
        name,
      });
      try {
        await callKubernetes(toOperation("update"), () => core.replaceNamespacedConfigMap({ namespace, name, body }));
      } catch (thrown) {
        if (!(thrown instanceof SiteError) || thrown.kind !== "not-found") throw thrown;
        await callKubernetes(toOperation("create"), () => core.createNamespacedConfigMap({ namespace, body }));
      }
    },
  };
}

const managedByLabels = { "app.kubernetes.io/managed-by": "palette-upgrade" };
