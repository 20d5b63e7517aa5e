import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { answering, cleanUp, serve } from "../servers.js";
import { apiKey, siteErrorOf, tenantAt } from "./tenants.js";

const overlord = {
  metadata: { uid: "o1", name: "pcg-b" },
  spec: { spectroClusterUid: "c1" },
  status: {
    state: "Running",
    notifications: { isAvailable: true, isTemplateVariableResolutionPending: true },
    health: { state: "Healthy", agentVersion: "4.6.7", lastHeartBeatTimestamp: "2026-01-01T00:00:00.5Z" },
  },
};

/** Answers by path; 404 for any other. */
function routes(table: Record<string, unknown>) {
  return (request: IncomingMessage, response: Parameters<ReturnType<typeof answering>>[1]): void => {
    const path = (request.url ?? "").split("?")[0]!;
    const known = path in table;
    answering(known ? 200 : 404, known ? table[path] : { code: "ResourceNotFound" })(request, response);
  };
}

describe("the Palette API client", () => {
  afterEach(cleanUp);

  it("reads gateways with their pause, sorted by name, system gateway included", async () => {
    const system = {
      ...overlord,
      metadata: { uid: "o2", name: "a-system" },
      spec: { isSystem: true, spectroClusterUid: "" },
    };
    const cluster = { metadata: { uid: "c1", annotations: { spectroComponentsUpgradeForbidden: "true" } } };
    const url = await serve(
      routes({ "/v1/overlords": { items: [overlord, system] }, "/v1/spectroclusters/c1": cluster }),
    );
    const found = await tenantAt(url).overlords();
    assert.deepEqual(
      found.map(({ name, paused, isSystem }) => [name, paused, isSystem]),
      [
        ["a-system", false, true],
        ["pcg-b", true, false],
      ],
    );
    assert.deepEqual(found[1], {
      uid: "o1",
      name: "pcg-b",
      isSelfHosted: false,
      isSystem: false,
      spectroClusterUid: "c1",
      state: "Running",
      health: "Healthy",
      agentVersion: "4.6.7",
      lastHeartbeat: "2026-01-01T00:00:00.500Z",
      updateAvailable: true,
      variablesPending: true,
      paused: true,
    });
  });

  const never = ["0001-01-01T00:00:00.000Z", "", null, undefined];
  for (const timestamp of never) {
    it(`a heartbeat of ${JSON.stringify(timestamp)} is none`, async () => {
      const silent = { ...overlord, status: { health: { lastHeartBeatTimestamp: timestamp } } };
      const url = await serve(
        routes({ "/v1/overlords": { items: [silent] }, "/v1/spectroclusters/c1": { metadata: { uid: "c1" } } }),
      );
      const [found] = await tenantAt(url).overlords();
      assert.deepEqual([found!.lastHeartbeat, found!.health, found!.paused], [null, "", false]);
    });
  }

  it("follows the pages of a list", async () => {
    const page = (name: string, next?: string) => ({
      items: [{ ...overlord, metadata: { uid: name, name }, spec: { isSystem: true } }],
      listmeta: next === undefined ? {} : { continue: next },
    });
    const url = await serve((request, response) => {
      const second = request.url === "/v1/overlords?continue=two%3D";
      answering(200, second ? page("b") : page("a", "two="))(request, response);
    });
    assert.deepEqual(
      (await tenantAt(url).overlords()).map(({ name }) => name),
      ["a", "b"],
    );
  });

  it("sends the key as ApiKey and no project", async () => {
    const headers: IncomingMessage["headers"][] = [];
    const url = await serve((request, response) => {
      headers.push(request.headers);
      answering(200, {})(request, response);
    });
    await tenantAt(url).platformUpdatesPaused();
    assert.equal(headers[0]!["apikey"], apiKey);
    assert.equal(headers[0]!["projectuid"], undefined);
  });

  const settings: [body: unknown, paused: boolean][] = [
    [{ spectroComponents: "lock" }, true],
    [{ spectroComponents: "unlock" }, false],
    [{}, false],
  ];
  for (const [body, paused] of settings) {
    it(`tenant settings ${JSON.stringify(body)} are ${paused ? "paused" : "not paused"}`, async () => {
      const url = await serve(answering(200, body));
      assert.equal(await tenantAt(url).platformUpdatesPaused(), paused);
    });
  }

  it("profile updates by name, events newest first", async () => {
    const event = (message: string, creationTimestamp: string) => ({
      message,
      reason: "r",
      metadata: { creationTimestamp },
    });
    const url = await serve(
      routes({
        "/v1/spectroclusters/c1/profileUpdates": { profiles: [{ name: "b" }, { name: "a" }] },
        "/v1/events/components/spectrocluster/c1": {
          items: [event("old", "2026-01-01T00:00:00Z"), event("new", "2026-01-02T00:00:00Z")],
        },
      }),
    );
    assert.deepEqual(await tenantAt(url).pendingProfileUpdates("c1"), ["a", "b"]);
    assert.deepEqual(
      (await tenantAt(url).clusterEvents("c1")).map(({ message }) => message),
      ["new", "old"],
    );
  });

  it("a cluster's own pause: true, false, and null where it cannot be read", async () => {
    const url = await serve(
      routes({
        "/v1/spectroclusters/c1": {
          metadata: { uid: "c1", annotations: { spectroComponentsUpgradeForbidden: "true" } },
        },
        "/v1/spectroclusters/c2": { metadata: { uid: "c2", annotations: null } },
      }),
    );
    const tenant = tenantAt(url);
    assert.deepEqual(await Promise.all(["c1", "c2", "c3"].map((uid) => tenant.clusterUpdatesPaused(uid))), [
      true,
      false,
      null,
    ]);
  });

  it("a cluster that a broken server does not report of is not taken for one without a pause", async () => {
    const url = await serve(answering(500, {}));
    assert.equal((await siteErrorOf(tenantAt(url).clusterUpdatesPaused("c1"))).kind, "server");
  });

  const refusals: [status: number, body: unknown, kind: string, message: RegExp][] = [
    [
      401,
      { code: "Unauthorized" },
      "unauthorized",
      /answered 401: the API key of tenant acme is not valid or has expired\. Make a new key in Palette as a user of tenant acme, and set it: pulumi config set --secret --path 'palette:secrets\.apiKeys\.acme'\.$/,
    ],
    [
      403,
      {},
      "forbidden",
      /answered 403: the role of tenant acme's API key may not read this\. Its user needs the role Tenant Viewer, /,
    ],
    [
      404,
      {},
      "not-found",
      /answered 404: there is no such object in tenant acme\. See that palette:secrets\.apiKeys\.acme is its own tenant's key, and that palette:site\.apiUrl is this installation's\.$/,
    ],
    [
      302,
      {},
      "malformed",
      /answered 302; expected 200\. Check that palette:site.apiUrl is the Palette API's own address\.$/,
    ],
    [
      200,
      "<html>",
      "malformed",
      /answered 200 with something that is not JSON; is this the Palette API\? Set palette:site.apiUrl to the Palette API's own address/,
    ],
    [200, { spectroComponents: 3 }, "malformed", /another shape at spectroComponents/],
    [200, [], "malformed", /another shape/],
  ];
  for (const [status, body, kind, message] of refusals) {
    it(`${status} ${JSON.stringify(body)} is ${kind} at once`, async () => {
      let requests = 0;
      const url = await serve((request, response) => {
        requests += 1;
        answering(status, body)(request, response);
      });
      const error = await siteErrorOf(tenantAt(url).platformUpdatesPaused());
      assert.equal(error.kind, kind);
      assert.match(error.message, message);
      assert.match(error.message, /^Tenant acme: /);
      assert.equal(requests, 1);
    });
  }
});
