import { resolveClusterAccess } from "./access.js";
import { findKubeconfig, type KubeconfigRequest } from "./kubeconfig.js";
import { callKubernetes, listAll, openConnection } from "./connection.js";

/** A cluster-scoped object, with the fields that show which release or namespace it belongs to. */
export interface ClusterObject {
  kind: "PersistentVolume" | "CustomResourceDefinition" | "ClusterRole";
  name: string;
  /** Namespace of the claim a volume is or was bound to; null otherwise. */
  claimNamespace: string | null;
  /** Name of the Helm release that made it, by Helm's own annotation; null otherwise. */
  release: string | null;
}

const objectsPerPage = 500;
const helmRelease = "meta.helm.sh/release-name";

interface ListedObject {
  metadata?: { name?: string; annotations?: Record<string, string> };
  spec?: { claimRef?: { namespace?: string } };
}

interface RawPage {
  items: ListedObject[];
  metadata?: { continue?: string };
}

/**
 * Lists the volumes, CRDs and cluster roles of a cluster; called only before something is installed on it. Reads names
 * and annotations, not the content. @throws SiteError; "not permitted" is never reported as "absent".
 */
export async function readClusterObjects(
  options: KubeconfigRequest,
  environment: NodeJS.ProcessEnv,
): Promise<ClusterObject[]> {
  const location = findKubeconfig(options, environment);
  const { core, custom, server } = await openConnection(location, 30, resolveClusterAccess(location, environment));
  const volumes = callKubernetes({ server, verb: "list", resource: "persistentvolumes" }, () =>
    listAll((from) => core.listPersistentVolume({ limit: objectsPerPage, ...toContinueQuery(from) })),
  );
  const listCustomObjects = (group: string, plural: string): Promise<ListedObject[]> =>
    callKubernetes({ server, verb: "list", resource: `${plural}.${group}` }, () =>
      listAll(async (from) => {
        const query = { group, version: "v1", plural, limit: objectsPerPage, ...toContinueQuery(from) };
        // The raw response: only the library's typed objects rename the continue token.
        const page = (await custom.listClusterCustomObject(query)) as RawPage;
        return { items: page.items, metadata: toContinueQuery(page.metadata?.continue) };
      }),
    );
  const lists = await Promise.all([
    volumes.then((items) => items.map((item) => toClusterObject("PersistentVolume", item))),
    listCustomObjects("apiextensions.k8s.io", "customresourcedefinitions").then((items) =>
      items.map((item) => toClusterObject("CustomResourceDefinition", item)),
    ),
    listCustomObjects("rbac.authorization.k8s.io", "clusterroles").then((items) =>
      items.map((item) => toClusterObject("ClusterRole", item)),
    ),
  ]);
  return lists.flat();
}

function toClusterObject(kind: ClusterObject["kind"], { metadata, spec }: ListedObject): ClusterObject {
  return {
    kind,
    name: metadata?.name ?? "",
    claimNamespace: spec?.claimRef?.namespace ?? null,
    release: metadata?.annotations?.[helmRelease] ?? null,
  };
}

function toContinueQuery(from: string | undefined): { _continue?: string } {
  return from === undefined ? {} : { _continue: from };
}
