import { findKubeconfig, type KubeconfigRequest } from "./kubeconfig.js";
import { asking, openConnection, type KubernetesConnection } from "./kubernetes-connection.js";
import { SiteError } from "./types.js";

/** The few writes that acts make in a cluster. Gates have no way to them. */
export interface KubernetesWrites {
  /** Creates the ConfigMap, or replaces all of its text entries. */
  putConfigMap(namespace: string, name: string, data: Record<string, string>): Promise<void>;
}

/** @throws InvalidInputError `KUBECONFIG_UNREADABLE`, `KUBECONFIG_CONTEXT`; its methods SiteError. */
export function connectKubernetesWrites(
  options: KubeconfigRequest & { environment?: NodeJS.ProcessEnv },
): KubernetesWrites {
  const place = findKubeconfig(options, options.environment ?? process.env);
  let connection: Promise<KubernetesConnection> | undefined;
  return {
    async putConfigMap(namespace, name, data) {
      const { core, server } = await (connection ??= openConnection(place, 30));
      const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, labels: managed }, data };
      const asked = (verb: string): Parameters<typeof asking>[0] => ({
        server,
        verb,
        resource: "configmaps",
        namespace,
        name,
      });
      try {
        await asking(asked("update"), () => core.replaceNamespacedConfigMap({ namespace, name, body }));
      } catch (thrown) {
        if (!(thrown instanceof SiteError) || thrown.kind !== "not-found") throw thrown;
        await asking(asked("create"), () => core.createNamespacedConfigMap({ namespace, body }));
      }
    },
  };
}

const managed = { "app.kubernetes.io/managed-by": "palette-upgrade" };
