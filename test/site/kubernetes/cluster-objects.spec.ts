import assert from "node:assert/strict";
import { readClusterObjects } from "../../../lib/site/kubernetes/cluster-objects.js";
import { type IncomingMessage, type ServerResponse } from "node:http";
import { cleanUp, kubeconfigFor, serve } from "../servers.js";

const lists: Record<string, object[]> = {
  "/api/v1/persistentvolumes": [
    { metadata: { name: "pv-1" }, spec: { claimRef: { namespace: "hubble-system", name: "data-mongo-0" } } },
    { metadata: { name: "pv-2" }, spec: {} },
  ],
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions": [{ metadata: { name: "spectroclusters.cluster.io" } }],
  "/apis/rbac.authorization.k8s.io/v1/clusterroles": [
    { metadata: { name: "hubble", annotations: { "meta.helm.sh/release-name": "hubble" } } },
    { metadata: { name: "view" } },
  ],
};

/** Serves one object a page. */
function paged(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url!, "http://site");
  const items = lists[pathname] ?? [];
  const at = Number(searchParams.get("continue") ?? 0);
  const metadata = at + 1 < items.length ? { continue: String(at + 1) } : {};
  const body = { kind: "List", apiVersion: "v1", metadata, items: items.slice(at, at + 1) };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const objects = (server: string): ReturnType<typeof readClusterObjects> =>
  readClusterObjects({ kubeconfig: kubeconfigFor(server), context: null }, {});

describe("objects of no namespace", () => {
  afterEach(cleanUp);

  it("all pages of volumes, CRDs and cluster roles, with whose they are", async () => {
    assert.deepEqual(await objects(await serve(paged)), [
      { kind: "PersistentVolume", name: "pv-1", claimNamespace: "hubble-system", release: null },
      { kind: "PersistentVolume", name: "pv-2", claimNamespace: null, release: null },
      { kind: "CustomResourceDefinition", name: "spectroclusters.cluster.io", claimNamespace: null, release: null },
      { kind: "ClusterRole", name: "hubble", claimNamespace: null, release: "hubble" },
      { kind: "ClusterRole", name: "view", claimNamespace: null, release: null },
    ]);
  });

  for (const [path, verb] of [
    ["/api/v1/persistentvolumes", "list persistentvolumes"],
    ["/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "list customresourcedefinitions.apiextensions.k8s.io"],
    ["/apis/rbac.authorization.k8s.io/v1/clusterroles", "list clusterroles.rbac.authorization.k8s.io"],
  ] as const) {
    it(`${verb} not permitted is an error naming it, never "absent"`, async () => {
      const server = await serve((request, response) => {
        if (!request.url!.startsWith(path)) return paged(request, response);
        const status = { kind: "Status", apiVersion: "v1", status: "Failure", code: 403, reason: "Forbidden" };
        response.writeHead(403, { "content-type": "application/json" }).end(JSON.stringify(status));
      });
      await assert.rejects(objects(server), (error: Error & { kind: string }) => {
        assert.equal(error.kind, "forbidden");
        assert.ok(error.message.includes(verb), error.message);
        return true;
      });
    });
  }
});
