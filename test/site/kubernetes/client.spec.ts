import assert from "node:assert/strict";
import { type IncomingMessage } from "node:http";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { connectKubernetes } from "../../../lib/site/kubernetes/client.js";
import { type KubernetesSite } from "../../../lib/site/types.js";
import { answering, cleanUp, deadAddress, kubeconfigFor, serve } from "../servers.js";

function clusterAt(server: string, timeoutSeconds = 5): KubernetesSite {
  return connectKubernetes({ kubeconfig: kubeconfigFor(server), context: null, environment: {}, timeoutSeconds });
}

function statusObject(code: number, reason: string, message: string) {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message };
}

async function errorOf(call: Promise<unknown>): Promise<SiteError> {
  const thrown: unknown = await call.then(
    (value) => assert.fail(`it was answered: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof SiteError, String(thrown));
  assert.ok(!`${thrown.message}${thrown.stack}`.includes("planted-token"), "the token shows");
  return thrown;
}

describe("the Kubernetes client's refusals", () => {
  afterEach(cleanUp);

  const refusals: [status: number, body: unknown, kind: string, says: RegExp][] = [
    [
      401,
      statusObject(401, "Unauthorized", "Unauthorized"),
      "unauthorized",
      /answered 401: the kubeconfig's credentials are not accepted/,
    ],
    [
      403,
      statusObject(403, "Forbidden", 'pods is forbidden: User "u" cannot list resource "pods"'),
      "forbidden",
      /answered 403: permission "list" on "pods" in namespace hubble-system is missing/,
    ],
    [429, statusObject(429, "TooManyRequests", "slow down"), "throttled", /answered 429: too many requests/],
    [500, statusObject(500, "InternalError", "etcd is gone"), "server", /answered 500: etcd is gone\.$/],
    [503, "upstream down", "server", /answered 503\.$/],
    [404, "<html>no such page</html>", "malformed", /answered 404, not as a Kubernetes API does\.$/],
    [302, "", "malformed", /answered 302/],
    [200, "<html>welcome</html>", "malformed", /could not be read/],
  ];
  for (const [status, body, kind, says] of refusals) {
    it(`${status} ${JSON.stringify(body).slice(0, 30)} is ${kind}, naming server, verb and resource`, async () => {
      const url = await serve(answering(status, body));
      const error = await errorOf(clusterAt(url).pods("hubble-system"));
      assert.equal(error.kind, kind, error.message);
      assert.ok(error.message.startsWith(`Kubernetes at ${url}: list pods in namespace hubble-system`), error.message);
      assert.match(error.message, says);
    });
  }

  it("only the API server's own 404 means that a Secret or Service is not there", async () => {
    const absent = clusterAt(
      await serve(answering(404, statusObject(404, "NotFound", 'secrets "mongo-tls" not found'))),
    );
    assert.equal(await absent.secretExists("hubble-system", "mongo-tls"), false);
    assert.equal(await absent.serviceAddresses("ingress-traefik", "traefik-ingress-controller"), null);
    const proxy = clusterAt(await serve(answering(404, "not here")));
    assert.equal((await errorOf(proxy.secretExists("hubble-system", "mongo-tls"))).kind, "malformed");
    assert.equal((await errorOf(proxy.serviceAddresses("a", "b"))).kind, "malformed");
  });

  for (const [title, call] of [
    ["secretExists", (site: KubernetesSite) => site.secretExists("a", "b")],
    ["serviceAddresses", (site: KubernetesSite) => site.serviceAddresses("a", "b")],
    ["helmRevisions", (site: KubernetesSite) => site.helmRevisions()],
    ["workloads", (site: KubernetesSite) => site.workloads(["a"])],
  ] as const) {
    it(`${title}: unreachable is an error, never an empty answer`, async () => {
      const url = await deadAddress();
      const error = await errorOf(call(clusterAt(url)));
      assert.equal(error.kind, "network");
      assert.match(error.message, /the server could not be reached: connect ECONNREFUSED/);
    });
  }

  it("a server that never answers is network after the time limit", async () => {
    const error = await errorOf(clusterAt(await serve(() => undefined), 0.2).clusterUid());
    assert.equal(error.kind, "network");
    assert.match(
      error.message,
      /get namespaces kube-system: the server could not be reached: no answer within the time limit\.$/,
    );
  });

  it("a namespace without a UID is no identity", async () => {
    const error = await errorOf(
      clusterAt(await serve(answering(200, { kind: "Namespace", metadata: {} }))).clusterUid(),
    );
    assert.equal(error.kind, "malformed");
  });

  it("a corrupt release record is named", async () => {
    const secret = {
      metadata: { name: "sh.helm.release.v1.hubble.v3", namespace: "default" },
      data: { release: "bm9uc2Vuc2U=" },
    };
    const [revision] = await clusterAt(await serve(answering(200, { items: [secret] }))).helmRevisions();
    assert.deepEqual(
      [revision?.namespace, revision?.name, revision?.revision, revision?.fault],
      [
        "default",
        "hubble",
        3,
        {
          secret: "default/sh.helm.release.v1.hubble.v3",
          why: "Helm's release record default/sh.helm.release.v1.hubble.v3 cannot be read: it cannot be unpacked.",
          kind: "unreadable",
        },
      ],
    );
  });

  it("asks for Helm's Secrets only, page by page, with the kubeconfig's token", async () => {
    const asked: IncomingMessage[] = [];
    const url = await serve((request, response) => {
      asked.push(request);
      answering(200, { metadata: asked.length === 1 ? { continue: "next" } : {}, items: [] })(request, response);
    });
    await clusterAt(url).helmRevisions("default");
    const queries = asked.map((request) => new URL(request.url!, url).searchParams);
    assert.deepEqual(
      queries.map((query) => [query.get("labelSelector"), query.get("fieldSelector"), query.get("continue")]),
      [
        ["owner=helm", "type=helm.sh/release.v1", null],
        ["owner=helm", "type=helm.sh/release.v1", "next"],
      ],
    );
    assert.equal(asked[0]!.headers.authorization, "Bearer planted-token");
  });
});
