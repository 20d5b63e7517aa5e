import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { connectTenant, type TenantConnection } from "../../lib/site/palette-api.js";
import { SiteError, type TenantApi } from "../../lib/site/types.js";
import { systemClock } from "../../lib/site/clock.js";
import { fakeClock } from "./fake-clock.js";
import { answering, cleanUp, deadAddress, fileWith, serve } from "./servers.js";

const apiKey = "planted-api-key";

function tenantAt(baseUrl: string, more: Partial<TenantConnection> = {}): TenantApi {
  return connectTenant({ baseUrl, tenant: "acme", apiKey, caFile: null, clock: fakeClock(), ...more });
}

const overlord = {
  metadata: { uid: "o1", name: "pcg-b" },
  spec: { spectroClusterUid: "c1" },
  status: {
    state: "Running",
    notifications: { isAvailable: true },
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

async function errorOf(call: Promise<unknown>): Promise<SiteError> {
  const thrown: unknown = await call.then(
    () => assert.fail("it was answered"),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof SiteError, String(thrown));
  for (const text of [thrown.message, thrown.stack ?? "", JSON.stringify(thrown), String(thrown.cause)]) {
    assert.ok(!text.includes(apiKey), "the API key shows");
  }
  return thrown;
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

  it("a cluster that a broken server does not tell of is not taken for one without a pause", async () => {
    const url = await serve(answering(500, {}));
    assert.equal((await errorOf(tenantAt(url).clusterUpdatesPaused("c1"))).kind, "server");
  });

  const refusals: [status: number, body: unknown, kind: string, message: RegExp][] = [
    [
      401,
      { code: "Unauthorized" },
      "unauthorized",
      /answered 401: the API key of tenant acme is not valid or has expired\.$/,
    ],
    [
      403,
      {},
      "forbidden",
      /answered 403: the role of tenant acme's API key may not read this; it needs to read clusters/,
    ],
    [404, {}, "not-found", /answered 404: there is no such object in tenant acme\.$/],
    [302, {}, "malformed", /answered 302; expected 200\.$/],
    [200, "<html>", "malformed", /answered 200 with something that is not JSON; is this the Palette API\?$/],
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
      const error = await errorOf(tenantAt(url).platformUpdatesPaused());
      assert.equal(error.kind, kind);
      assert.match(error.message, message);
      assert.match(error.message, /^Tenant acme: /);
      assert.equal(requests, 1);
    });
  }
});

describe("the Palette API client's patience", () => {
  afterEach(cleanUp);

  /** Bad answers, as many as given, then good ones. */
  function healing(count: number, status: number, headers: Record<string, string> = {}) {
    let left = count;
    return serve((request, response) => {
      left -= 1;
      answering(left >= 0 ? status : 200, left >= 0 ? { code: "Broken" } : {}, headers)(request, response);
    });
  }

  it("rides out three bad answers with growing pauses", async () => {
    const clock = fakeClock();
    assert.equal(await tenantAt(await healing(3, 503), { clock }).platformUpdatesPaused(), false);
    assert.deepEqual(clock.slept, [0.5, 1, 2]);
  });

  it("gives up at the fourth, and tells the API's own code", async () => {
    const error = await errorOf(tenantAt(await healing(4, 500)).platformUpdatesPaused());
    assert.equal(error.kind, "server");
    assert.match(error.message, /answered 500 \(Broken\)\.$/);
  });

  it("waits as long as Retry-After asks", async () => {
    const clock = fakeClock();
    await tenantAt(await healing(1, 429, { "retry-after": "7" }), { clock }).platformUpdatesPaused();
    assert.deepEqual(clock.slept, [7]);
  });

  it("does not wait for minutes: a long Retry-After ends it", async () => {
    const clock = fakeClock();
    const error = await errorOf(
      tenantAt(await healing(1, 429, { "retry-after": "3600" }), { clock }).platformUpdatesPaused(),
    );
    assert.equal(error.kind, "throttled");
    assert.deepEqual(clock.slept, []);
  });

  it("an address at which nothing listens is network, after retries", async () => {
    const clock = fakeClock();
    const error = await errorOf(tenantAt(await deadAddress(), { clock }).platformUpdatesPaused());
    assert.equal(error.kind, "network");
    assert.match(error.message, /^Tenant acme: http:.* could not be reached: .*ECONNREFUSED/);
    assert.equal(clock.slept.length, 3);
  });

  it("an answer that never comes ends at the time limit, and is not asked for again", async () => {
    let requests = 0;
    const url = await serve(() => (requests += 1));
    const began = performance.now();
    const error = await errorOf(tenantAt(url, { clock: systemClock, timeoutSeconds: 0.2 }).platformUpdatesPaused());
    assert.equal(error.kind, "network");
    assert.match(error.message, /did not answer within 0\.2 seconds\.$/);
    assert.ok(performance.now() - began < 3000);
    assert.equal(requests, 1);
  });

  it("an answer without end is refused", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(1_000_000), () => setImmediate(more));
      };
      more();
    });
    const error = await errorOf(tenantAt(url, { clock: systemClock }).platformUpdatesPaused());
    assert.equal(error.kind, "malformed");
    assert.match(error.message, /longer than 8000000 bytes/);
  });

  it("an empty key is not sent", async () => {
    const error = await errorOf(tenantAt("http://127.0.0.1:9", { apiKey: "" }).overlords());
    assert.equal(error.message, "Tenant acme: no API key was given.");
  });
});

describe("the Palette API's address", () => {
  afterEach(cleanUp);

  const wrong = ["http://palette.example", "palette.example", "ftp://127.0.0.1", ""];
  for (const url of wrong) {
    it(`"${url}" is refused before a key is sent`, () => {
      assert.throws(() => tenantAt(url), { code: "API_URL_INVALID", next: /palette:apiUrl/ });
    });
  }

  it("https, and http on loopback, are taken", () => {
    for (const url of ["https://palette.example", "http://127.0.0.1:1", "http://localhost:1/", "http://[::1]:1"])
      tenantAt(url);
  });

  it("a CA file that is not there is named", () => {
    const file = `${fileWith("x", "")}.missing`;
    assert.throws(
      () => tenantAt("https://palette.example", { caFile: file }),
      (thrown: unknown) => {
        const { code, message } = thrown as { code: string; message: string };
        return code === "CA_FILE_UNREADABLE" && message.includes(file);
      },
    );
  });
});
