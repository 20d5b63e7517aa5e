import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectKubernetes } from "../../../lib/site/kubernetes/client.js";
import type { KubernetesSite } from "../../../lib/site/types.js";
import { makeAuthority } from "../../support/certificates.js";

const authority = makeAuthority("the cluster's");
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", uid: "u-1" } };

describe("credentials that a cluster refuses with 401", () => {
  let folder: string;
  let server: Server;
  let accepted: string;
  let seen: (string | undefined)[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "palette-renewal-"));
    seen = [];
    server = createTlsServer(authority.issue(["127.0.0.1"]), (request, response) => {
      seen.push(request.headers.authorization);
      const isAccepted = request.headers.authorization === `Bearer ${accepted}`;
      const body = isAccepted ? namespace : { kind: "Status", message: "Unauthorized" };
      response.writeHead(isAccepted ? 200 : 401, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  function put(name: string, text: string): string {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  }
  function connect(user: object): KubernetesSite {
    const cluster = {
      server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      "certificate-authority-data": Buffer.from(authority.pem).toString("base64"),
    };
    const config = {
      clusters: [{ name: "c", cluster }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      users: [{ name: "u", user }],
      "current-context": "x",
    };
    return connectKubernetes({ kubeconfig: put("config", JSON.stringify(config)), context: null });
  }
  /** Each run of the plugin gives another token: `p1`, `p2`, … */
  function connectByPlugin(): KubernetesSite {
    const answer = '{"kind":"ExecCredential","status":{"token":"p%s"}}';
    const file = put(
      "p",
      `#!/bin/sh\necho x >> "${folder}/runs"\nprintf '${answer}' "$(wc -l < "${folder}/runs" | tr -d ' ')"`,
    );
    chmodSync(file, 0o755);
    return connect({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: "./p" } });
  }

  it("a plugin is asked again, once, and its new token is used from then on", async () => {
    accepted = "p2";
    const site = connectByPlugin();
    assert.deepEqual([await site.clusterUid(), await site.clusterUid()], ["u-1", "u-1"]);
    assert.deepEqual(seen, ["Bearer p1", "Bearer p2", "Bearer p2"]);
  });

  it("many requests that are refused at once have the plugin asked again once", async () => {
    accepted = "p2";
    const site = connectByPlugin();
    await Promise.all(Array.from({ length: 3 }, () => site.clusterUid()));
    assert.deepEqual(seen.sort(), ["Bearer p1", "Bearer p1", "Bearer p1", "Bearer p2", "Bearer p2", "Bearer p2"]);
  });

  it("a plugin whose second token is refused too is asked no third time", async () => {
    accepted = "none";
    await assert.rejects(connectByPlugin().clusterUid(), {
      kind: "unauthorized",
      message: /answered 401: the kubeconfig's credentials are not accepted/,
    });
    assert.deepEqual(seen, ["Bearer p1", "Bearer p2"]);
  });

  it("a token file that was renewed is read again", async () => {
    accepted = "old";
    const site = connect({ tokenFile: put("tok", "old") });
    await site.clusterUid();
    put("tok", "new");
    accepted = "new";
    assert.equal(await site.clusterUid(), "u-1");
    assert.deepEqual(seen, ["Bearer old", "Bearer old", "Bearer new"]);
  });

  it("negative twin: a token that stands in the kubeconfig is not sent twice", async () => {
    accepted = "other";
    await assert.rejects(connect({ token: "t" }).clusterUid(), { kind: "unauthorized" });
    assert.deepEqual(seen, ["Bearer t"]);
  });

  it("exec in a pod: a handshake that is refused has the plugin asked again", async () => {
    server.on("upgrade", (request, socket) => {
      seen.push(request.headers.authorization);
      const status = request.headers.authorization === "Bearer p2" ? "403 no" : "401 no";
      socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    });
    const run = connectByPlugin().exec("n", "mongo-0", "mongo", ["true"], { timeoutSeconds: 5 });
    await assert.rejects(run, { kind: "forbidden" });
    assert.deepEqual(seen, ["Bearer p1", "Bearer p2"]);
  });
});
