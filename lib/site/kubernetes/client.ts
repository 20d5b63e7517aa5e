import { createLazy } from "../../base/process/lazy.js";
import { type V1Secret } from "@kubernetes/client-node";
import { SiteError } from "../../base/errors/site-error.js";
import {
  decodeHelmRecord,
  helmLabelSelector,
  type HelmRecord,
  type HelmSecret,
  helmSecretType,
  listManifestImages,
  readHelmRevision,
  toRecordedChart,
} from "../helm/records.js";
import { resolveClusterAccess } from "./access.js";
import { findKubeconfig, type KubeconfigRequest } from "./kubeconfig.js";
import { callKubernetes, type KubernetesConnection, listAll, openConnection } from "./connection.js";
import { executeInPod } from "./exec.js";
import {
  toDaemonSetWorkload,
  toDeploymentWorkload,
  toExposedService,
  toPod,
  toStatefulSetWorkload,
} from "./objects.js";
import { type ExecResult, type HelmRevision, type KubernetesSite, type Workload } from "../types.js";

interface KubernetesOptions extends KubeconfigRequest {
  /** Default: the process's own. */
  environment?: NodeJS.ProcessEnv;
  /** Limit of one request, exec excepted. Default 30. */
  timeoutSeconds?: number;
}

/** One page of Secrets; a release record may be a megabyte. */
const secretsPerPage = 50;
const objectsPerPage = 500;

/**
 * Creates the client of a cluster from its kubeconfig. The file is checked at once; the network is first used by the
 * first method call. Every method throws SiteError: "unreachable" and "not permitted" are never reported as "absent";
 * InvalidInputError (`isAccessFault`) for what no waiting mends.
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE`, `KUBECONFIG_CONTEXT`, `KUBECONFIG_PLUGIN`, `PROXY_INVALID`.
 */
export function connectKubernetes(options: KubernetesOptions): KubernetesSite {
  const environment = options.environment ?? process.env;
  const location = findKubeconfig(options, environment);
  const access = resolveClusterAccess(location, environment);
  const open = createLazy(() => openConnection(location, options.timeoutSeconds ?? 30, access));
  return {
    ...createIdentityMethods(open),
    ...createReleaseMethods(open),
    ...createWorkloadMethods(open),
    ...createNamespacedMethods(open),
    ...createExecMethods(open),
  };
}

type Open = () => Promise<KubernetesConnection>;

function createIdentityMethods(open: Open): Pick<KubernetesSite, "clusterUid" | "serverVersion" | "namespaces"> {
  return {
    async clusterUid() {
      const { core, server } = await open();
      const operation = { server, verb: "get", resource: "namespaces", name: "kube-system" };
      const namespace = await callKubernetes(operation, () => core.readNamespace({ name: "kube-system" }));
      const uid = namespace.metadata?.uid;
      if (uid === undefined || uid === "")
        throw new SiteError("malformed", `Namespace kube-system at ${server} has no UID.`);
      return uid;
    },
    async serverVersion() {
      const { version, server } = await open();
      const { gitVersion } = await callKubernetes({ server, verb: "get", resource: "version" }, () =>
        version.getCode(),
      );
      if (!gitVersion) throw new SiteError("malformed", `Kubernetes at ${server} does not report its version.`);
      return gitVersion;
    },
    async namespaces(labelSelector) {
      const { core, server } = await open();
      const query = { limit: objectsPerPage, labelSelector };
      const found = await callKubernetes({ server, verb: "list", resource: "namespaces" }, () =>
        listAll((from) => core.listNamespace({ ...query, ...toContinueQuery(from) })),
      );
      return found.map((namespace) => namespace.metadata?.name ?? "").sort();
    },
  };
}

function createReleaseMethods(
  open: Open,
): Pick<KubernetesSite, "helmRevisions" | "helmValues" | "helmChart" | "helmImages" | "secretExists"> {
  const readRecord = async (namespace: string, name: string, revision: number): Promise<HelmRecord> => {
    const { core, server } = await open();
    const secretName = `sh.helm.release.v1.${name}.v${revision}`;
    const operation = { server, verb: "get", resource: "secrets", namespace, name: secretName };
    const secret = await callKubernetes(operation, () => core.readNamespacedSecret({ namespace, name: secretName }));
    return decodeHelmRecord(toHelmSecret(secret));
  };
  return {
    async helmRevisions(namespace) {
      const { core, server } = await open();
      const query = {
        labelSelector: helmLabelSelector,
        fieldSelector: `type=${helmSecretType}`,
        limit: secretsPerPage,
      };
      const found = await callKubernetes({ server, verb: "list", resource: "secrets", namespace }, () =>
        listAll((from) =>
          namespace === undefined
            ? core.listSecretForAllNamespaces({ ...query, ...toContinueQuery(from) })
            : core.listNamespacedSecret({ namespace, ...query, ...toContinueQuery(from) }),
        ),
      );
      return found.map((secret) => readHelmRevision(toHelmSecret(secret))).sort(compareByNameAndRevision);
    },
    async helmValues(namespace, name, revision) {
      return (await readRecord(namespace, name, revision)).config ?? {};
    },
    async helmChart(namespace, name, revision) {
      return toRecordedChart(await readRecord(namespace, name, revision));
    },
    async helmImages(namespace, name, revision) {
      return listManifestImages(await readRecord(namespace, name, revision));
    },
    async secretExists(namespace, name) {
      const { core, server } = await open();
      const operation = { server, verb: "get", resource: "secrets", namespace, name };
      return (
        (await returnNullIfNotFound(() =>
          callKubernetes(operation, () => core.readNamespacedSecret({ namespace, name })),
        )) !== null
      );
    },
  };
}

function createWorkloadMethods(open: Open): Pick<KubernetesSite, "workloads"> {
  const listNamespaceWorkloads = async (namespace: string): Promise<Workload[]> => {
    const { apps, server } = await open();
    const list = <T>(resource: string, call: () => Promise<{ items: T[] }>): Promise<{ items: T[] }> =>
      callKubernetes({ server, verb: "list", resource, namespace }, call);
    const [deployments, statefulSets, daemonSets] = await Promise.all([
      list("deployments.apps", () => apps.listNamespacedDeployment({ namespace })),
      list("statefulsets.apps", () => apps.listNamespacedStatefulSet({ namespace })),
      list("daemonsets.apps", () => apps.listNamespacedDaemonSet({ namespace })),
    ]);
    return [
      ...deployments.items.map(toDeploymentWorkload),
      ...statefulSets.items.map(toStatefulSetWorkload),
      ...daemonSets.items.map(toDaemonSetWorkload),
    ];
  };
  return { workloads: async (namespaces) => (await Promise.all(namespaces.map(listNamespaceWorkloads))).flat() };
}

function createNamespacedMethods(
  open: Open,
): Pick<
  KubernetesSite,
  "pods" | "podLog" | "persistentVolumeClaims" | "podDisruptionBudgets" | "serviceAddresses" | "configMap"
> {
  return {
    async configMap(namespace, name) {
      const { core, server } = await open();
      const operation = { server, verb: "get", resource: "configmaps", namespace, name };
      const found = await returnNullIfNotFound(() =>
        callKubernetes(operation, () => core.readNamespacedConfigMap({ namespace, name })),
      );
      return found === null ? null : (found.data ?? {});
    },
    async pods(namespace, labelSelector) {
      const { core, server } = await open();
      const query = { namespace, limit: objectsPerPage, labelSelector };
      const found = await callKubernetes({ server, verb: "list", resource: "pods", namespace }, () =>
        listAll((from) => core.listNamespacedPod({ ...query, ...toContinueQuery(from) })),
      );
      return found.map(toPod);
    },
    async podLog(namespace, pod, container, tailLines) {
      const { core, server } = await open();
      const operation = { server, verb: "get", resource: "pods/log", namespace, name: pod };
      return (
        (await callKubernetes(operation, () =>
          core.readNamespacedPodLog({ namespace, name: pod, container, tailLines }),
        )) ?? ""
      );
    },
    async persistentVolumeClaims(namespace) {
      const { core, server } = await open();
      const operation = { server, verb: "list", resource: "persistentvolumeclaims", namespace };
      const { items } = await callKubernetes(operation, () => core.listNamespacedPersistentVolumeClaim({ namespace }));
      return items.map(({ metadata, status }) => ({
        name: metadata?.name ?? "",
        phase: status?.phase ?? "Unknown",
        deleting: metadata?.deletionTimestamp !== undefined,
      }));
    },
    async podDisruptionBudgets(namespace) {
      const { policy, server } = await open();
      const operation = { server, verb: "list", resource: "poddisruptionbudgets.policy", namespace };
      const { items } = await callKubernetes(operation, () => policy.listNamespacedPodDisruptionBudget({ namespace }));
      return items.map(({ metadata, status }) => ({
        name: metadata?.name ?? "",
        currentHealthy: status?.currentHealthy ?? 0,
        desiredHealthy: status?.desiredHealthy ?? 0,
      }));
    },
    async serviceAddresses(namespace, name) {
      const { core, server } = await open();
      const operation = { server, verb: "get", resource: "services", namespace, name };
      const service = await returnNullIfNotFound(() =>
        callKubernetes(operation, () => core.readNamespacedService({ namespace, name })),
      );
      return service === null ? null : toExposedService(service);
    },
  };
}

function createExecMethods(open: Open): Pick<KubernetesSite, "exec"> {
  return {
    async exec(namespace, pod, container, command, options) {
      const { config, server, renew } = await open();
      const run = (): Promise<ExecResult> =>
        executeInPod(config, server, { namespace, pod, container, command, ...options });
      try {
        return await run();
      } catch (thrown) {
        // Refused in the handshake, before the command has begun.
        const isRefused = thrown instanceof SiteError && thrown.kind === "unauthorized";
        if (isRefused && (await renew(undefined))) return run();
        throw thrown;
      }
    },
  };
}

/** Returns null only where the API server itself says that the object does not exist. */
async function returnNullIfNotFound<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (thrown) {
    if (thrown instanceof SiteError && thrown.kind === "not-found") return null;
    throw thrown;
  }
}

function toContinueQuery(from: string | undefined): { _continue?: string } {
  return from === undefined ? {} : { _continue: from };
}

function toHelmSecret(secret: V1Secret): HelmSecret {
  const { name = "", namespace = "" } = secret.metadata ?? {};
  return { name, namespace, release: secret.data?.["release"] };
}

function compareByNameAndRevision(a: HelmRevision, b: HelmRevision): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  return a.revision - b.revision;
}
