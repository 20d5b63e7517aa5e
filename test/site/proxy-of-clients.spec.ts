import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { openBucketStore } from "../../lib/journal/bucket-store.js";
import { createIngressClient } from "../../lib/site/ingress-client.js";
import { connectKubernetes } from "../../lib/site/kubernetes/client.js";
import { openRegistry } from "../../lib/site/registry/client.js";
import { fakeClock } from "./fake-clock.js";
import { tenantAt } from "./palette/tenants.js";
import { cleanUp, kubeconfigFor } from "./servers.js";

/** A proxy that lets nobody through, and keeps whom it was asked for. */
describe("kind 17: every client goes through the proxy of the environment that it is given", () => {
  let proxy: Server;
  let asked: Set<string>;
  let environment: NodeJS.ProcessEnv;

  beforeEach(async () => {
    asked = new Set();
    proxy = createServer().on("connect", (request, socket) => {
      asked.add(request.url ?? "");
      socket.end("HTTP/1.1 403 no\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", () => resolve()));
    environment = { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  });
  afterEach(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await cleanUp();
  });

  const access = { user: "u", password: "p", caFile: null };
  const clients: [title: string, host: string, ask: (host: string) => Promise<unknown>][] = [
    [
      "Kubernetes",
      "kube.invalid",
      (host) =>
        connectKubernetes({
          kubeconfig: kubeconfigFor(`https://${host}`),
          context: null,
          environment,
          timeoutSeconds: 5,
        }).clusterUid(),
    ],
    ["Palette", "palette.invalid", (host) => tenantAt(`https://${host}`, { environment }).platformUpdatesPaused()],
    [
      "registry",
      "registry.invalid",
      (host) => openRegistry(host, { ...access, environment, clock: fakeClock() }).listTags("a"),
    ],
    [
      "journal",
      "store.invalid",
      async (host) => {
        const given = {
          ...environment,
          AWS_ENDPOINT_URL_S3: `https://${host}`,
          AWS_ACCESS_KEY_ID: "planted-key-id",
          AWS_SECRET_ACCESS_KEY: "planted-secret",
        };
        const bucket = { kind: "bucket", bucket: "b", folder: "" } as const;
        return (await openBucketStore(bucket, "prod", given, { pause: () => Promise.resolve() })).read();
      },
    ],
    ["ingress", "ingress.invalid", (host) => createIngressClient(environment)(host, "palette.example.com")],
  ];
  for (const [title, host, ask] of clients) {
    it(title, async () => {
      await assert.rejects(ask(host), (thrown: Error) => {
        assert.match(thrown.message, /could not be reached.*: the proxy answered 403\./);
        assert.ok(thrown.message.includes(`through the proxy ${environment["HTTPS_PROXY"]}`), thrown.message);
        return true;
      });
      assert.deepEqual([...asked], [`${host}:443`]);
    });

    it(`${title}: negative twin: not where NO_PROXY names the host`, async () => {
      environment["NO_PROXY"] = ".invalid";
      await assert.rejects(ask(host));
      assert.deepEqual([...asked], []);
    });
  }
});
