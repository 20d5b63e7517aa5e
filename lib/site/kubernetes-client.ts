import type { V1Secret } from "@kubernetes/client-node";
import {
  decodeHelmRecord,
  helmLabelSelector,
  helmSecretType,
  recordedChartOf,
  imagesOf,
  revisionOf,
  type HelmRecord,
} from "./helm-records.js";
import { findKubeconfig, type KubeconfigRequest } from "./kubeconfig.js";
import { asking, listAll, openConnection, type KubernetesConnection } from "./kubernetes-connection.js";
import { execInPod } from "./kubernetes-exec.js";
import {
  daemonSetWorkload,
  deploymentWorkload,
  statefulSetWorkload,
  toExposedService,
  toPod,
} from "./kubernetes-objects.js";
import { SiteError, type HelmRevision, type KubernetesSite, type Workload } from "./types.js";

export interface KubernetesOptions extends KubeconfigRequest {
  /** Default: the process's own. */
  environment?: NodeJS.ProcessEnv;
  /** Limit of one request, exec excepted. Default 30. */
  timeoutSeconds?: number;
}

/** One page of Secrets; a release record may be a megabyte. */
const secretsPerPage = 50;
const objectsPerPage = 500;

/**
 * A cluster by its kubeconfig. The file is checked at once, the network is first used by the first question.
 * Every method throws SiteError: "unreachable" and "not permitted" are never answered as "absent".
 * @throws InvalidInputError `KUBECONFIG_UNREADABLE`, `KUBECONFIG_CONTEXT`.
 */
export function connectKubernetes(options: KubernetesOptions): KubernetesSite {
  const place = findKubeconfig(options, options.environment ?? process.env);
  let connection: Promise<KubernetesConnection> | undefined;
  const open = (): Promise<KubernetesConnection> =>
    (connection ??= openConnection(place, options.timeoutSeconds ?? 30));
  return { ...identity(open), ...releases(open), ...workloads(open), ...namespaced(open), ...execution(open) };
}

type Open = () => Promise<KubernetesConnection>;

function identity(open: Open): Pick<KubernetesSite, "clusterUid" | "serverVersion" | "namespaces"> {
  return {
    async clusterUid() {
      const { core, server } = await open();
      const asked = { server, verb: "get", resource: "namespaces", name: "kube-system" };
      const namespace = await asking(asked, () => core.readNamespace({ name: "kube-system" }));
      const uid = namespace.metadata?.uid;
      if (uid === undefined || uid === "")
        throw new SiteError("malformed", `Namespace kube-system at ${server} has no UID.`);
      return uid;
    },
    async serverVersion() {
      const { version, server } = await open();
      const { gitVersion } = await asking({ server, verb: "get", resource: "version" }, () => version.getCode());
      if (!gitVersion) throw new SiteError("malformed", `Kubernetes at ${server} does not tell its version.`);
      return gitVersion;
    },
    async namespaces(labelSelector) {
      const { core, server } = await open();
      const query = { limit: objectsPerPage, ...(labelSelector === undefined ? {} : { labelSelector }) };
      const found = await asking({ server, verb: "list", resource: "namespaces" }, () =>
        listAll((from) => core.listNamespace({ ...query, ...continued(from) })),
      );
      return found.map((namespace) => namespace.metadata?.name ?? "").sort();
    },
  };
}

function releases(
  open: Open,
): Pick<KubernetesSite, "helmRevisions" | "helmValues" | "helmChart" | "helmImages" | "secretExists"> {
  const record = async (namespace: string, name: string, revision: number): Promise<HelmRecord> => {
    const { core, server } = await open();
    const secretName = `sh.helm.release.v1.${name}.v${revision}`;
    const asked = { server, verb: "get", resource: "secrets", namespace, name: secretName };
    return decoded(await asking(asked, () => core.readNamespacedSecret({ namespace, name: secretName })));
  };
  return {
    async helmRevisions(namespace) {
      const { core, server } = await open();
      const query = {
        labelSelector: helmLabelSelector,
        fieldSelector: `type=${helmSecretType}`,
        limit: secretsPerPage,
      };
      const found = await asking({ server, verb: "list", resource: "secrets", namespace }, () =>
        listAll((from) =>
          namespace === undefined
            ? core.listSecretForAllNamespaces({ ...query, ...continued(from) })
            : core.listNamespacedSecret({ namespace, ...query, ...continued(from) }),
        ),
      );
      return found.map((secret) => revisionOf(decoded(secret))).sort(byNameAndRevision);
    },
    async helmValues(namespace, name, revision) {
      return (await record(namespace, name, revision)).config ?? {};
    },
    async helmChart(namespace, name, revision) {
      return recordedChartOf(await record(namespace, name, revision));
    },
    async helmImages(namespace, name, revision) {
      return imagesOf(await record(namespace, name, revision));
    },
    async secretExists(namespace, name) {
      const { core, server } = await open();
      const asked = { server, verb: "get", resource: "secrets", namespace, name };
      return (await orAbsent(() => asking(asked, () => core.readNamespacedSecret({ namespace, name })))) !== null;
    },
  };
}

function workloads(open: Open): Pick<KubernetesSite, "workloads"> {
  const inNamespace = async (namespace: string): Promise<Workload[]> => {
    const { apps, server } = await open();
    const list = <T>(resource: string, call: () => Promise<{ items: T[] }>): Promise<{ items: T[] }> =>
      asking({ server, verb: "list", resource, namespace }, call);
    const [deployments, statefulSets, daemonSets] = await Promise.all([
      list("deployments.apps", () => apps.listNamespacedDeployment({ namespace })),
      list("statefulsets.apps", () => apps.listNamespacedStatefulSet({ namespace })),
      list("daemonsets.apps", () => apps.listNamespacedDaemonSet({ namespace })),
    ]);
    return [
      ...deployments.items.map(deploymentWorkload),
      ...statefulSets.items.map(statefulSetWorkload),
      ...daemonSets.items.map(daemonSetWorkload),
    ];
  };
  return { workloads: async (namespaces) => (await Promise.all(namespaces.map(inNamespace))).flat() };
}

function namespaced(
  open: Open,
): Pick<
  KubernetesSite,
  "pods" | "podLog" | "persistentVolumeClaims" | "podDisruptionBudgets" | "serviceAddresses" | "configMap"
> {
  return {
    async configMap(namespace, name) {
      const { core, server } = await open();
      const asked = { server, verb: "get", resource: "configmaps", namespace, name };
      const found = await orAbsent(() => asking(asked, () => core.readNamespacedConfigMap({ namespace, name })));
      return found === null ? null : (found.data ?? {});
    },
    async pods(namespace, labelSelector) {
      const { core, server } = await open();
      const query = { namespace, limit: objectsPerPage, ...(labelSelector === undefined ? {} : { labelSelector }) };
      const found = await asking({ server, verb: "list", resource: "pods", namespace }, () =>
        listAll((from) => core.listNamespacedPod({ ...query, ...continued(from) })),
      );
      return found.map(toPod);
    },
    async podLog(namespace, pod, container, tailLines) {
      const { core, server } = await open();
      const asked = { server, verb: "get", resource: "pods/log", namespace, name: pod };
      return (
        (await asking(asked, () => core.readNamespacedPodLog({ namespace, name: pod, container, tailLines }))) ?? ""
      );
    },
    async persistentVolumeClaims(namespace) {
      const { core, server } = await open();
      const asked = { server, verb: "list", resource: "persistentvolumeclaims", namespace };
      const { items } = await asking(asked, () => core.listNamespacedPersistentVolumeClaim({ namespace }));
      return items.map(({ metadata, status }) => ({
        name: metadata?.name ?? "",
        phase: status?.phase ?? "Unknown",
        deleting: metadata?.deletionTimestamp !== undefined,
      }));
    },
    async podDisruptionBudgets(namespace) {
      const { policy, server } = await open();
      const asked = { server, verb: "list", resource: "poddisruptionbudgets.policy", namespace };
      const { items } = await asking(asked, () => policy.listNamespacedPodDisruptionBudget({ namespace }));
      return items.map(({ metadata, status }) => ({
        name: metadata?.name ?? "",
        currentHealthy: status?.currentHealthy ?? 0,
        desiredHealthy: status?.desiredHealthy ?? 0,
      }));
    },
    async serviceAddresses(namespace, name) {
      const { core, server } = await open();
      const asked = { server, verb: "get", resource: "services", namespace, name };
      const service = await orAbsent(() => asking(asked, () => core.readNamespacedService({ namespace, name })));
      return service === null ? null : toExposedService(service);
    },
  };
}

function execution(open: Open): Pick<KubernetesSite, "exec"> {
  return {
    async exec(namespace, pod, container, command, options) {
      const { config, server } = await open();
      return execInPod(config, server, { namespace, pod, container, command, ...options });
    },
  };
}

/** Null only where the API server itself says that the object does not exist. */
async function orAbsent<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (thrown) {
    if (thrown instanceof SiteError && thrown.kind === "not-found") return null;
    throw thrown;
  }
}

function continued(from: string | undefined): { _continue?: string } {
  return from === undefined ? {} : { _continue: from };
}

function decoded(secret: V1Secret): HelmRecord {
  const { name = "", namespace = "" } = secret.metadata ?? {};
  return decodeHelmRecord({ name, namespace, release: secret.data?.["release"] });
}

function byNameAndRevision(a: HelmRevision, b: HelmRevision): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  return a.revision - b.revision;
}
