import { findKubeconfig, type KubeconfigRequest } from "./kubeconfig.js";
import { asking, listAll, openConnection } from "./kubernetes-connection.js";

/** An object of no namespace, as far as it tells whose it is. */
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

interface Listed {
  metadata?: { name?: string; annotations?: Record<string, string> };
  spec?: { claimRef?: { namespace?: string } };
}

interface RawPage {
  items: Listed[];
  metadata?: { continue?: string };
}

/**
 * Volumes, CRDs and cluster roles of a cluster: asked only before something is installed on it. Names and annotations, nothing
 * of what they hold. @throws SiteError; "not permitted" is never answered as "absent".
 */
export async function readClusterObjects(
  options: KubeconfigRequest,
  environment: NodeJS.ProcessEnv,
): Promise<ClusterObject[]> {
  const { core, custom, server } = await openConnection(findKubeconfig(options, environment), 30);
  const volumes = asking({ server, verb: "list", resource: "persistentvolumes" }, () =>
    listAll((from) => core.listPersistentVolume({ limit: objectsPerPage, ...continued(from) })),
  );
  const listOf = (group: string, plural: string): Promise<Listed[]> =>
    asking({ server, verb: "list", resource: `${plural}.${group}` }, () =>
      listAll(async (from) => {
        const question = { group, version: "v1", plural, limit: objectsPerPage, ...continued(from) };
        // As the server wrote it: only the library's own types rename the token.
        const page = (await custom.listClusterCustomObject(question)) as RawPage;
        return { items: page.items, metadata: continued(page.metadata?.continue) };
      }),
    );
  const lists = await Promise.all([
    volumes.then((items) => items.map((item) => toObject("PersistentVolume", item))),
    listOf("apiextensions.k8s.io", "customresourcedefinitions").then((items) =>
      items.map((item) => toObject("CustomResourceDefinition", item)),
    ),
    listOf("rbac.authorization.k8s.io", "clusterroles").then((items) =>
      items.map((item) => toObject("ClusterRole", item)),
    ),
  ]);
  return lists.flat();
}

function toObject(kind: ClusterObject["kind"], { metadata, spec }: Listed): ClusterObject {
  return {
    kind,
    name: metadata?.name ?? "",
    claimNamespace: spec?.claimRef?.namespace ?? null,
    release: metadata?.annotations?.[helmRelease] ?? null,
  };
}

function continued(from: string | undefined): { _continue?: string } {
  return from === undefined ? {} : { _continue: from };
}
