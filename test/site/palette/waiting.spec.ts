import assert from "node:assert/strict";
import { systemClock } from "../../../lib/base/time/clock.js";
import { fakeClock } from "../fake-clock.js";
import { answering, cleanUp, deadAddress, fileWith, serve } from "../servers.js";
import { siteErrorOf, tenantAt } from "./tenants.js";

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
    const error = await siteErrorOf(tenantAt(await healing(4, 500)).platformUpdatesPaused());
    assert.equal(error.kind, "server");
    assert.match(
      error.message,
      /answered 500 \(Broken\)\. Look at Palette's own pods .*then run the same command again\.$/,
    );
  });

  it("waits as long as Retry-After asks", async () => {
    const clock = fakeClock();
    await tenantAt(await healing(1, 429, { "retry-after": "7" }), { clock }).platformUpdatesPaused();
    assert.deepEqual(clock.slept, [7]);
  });

  it("does not wait for minutes: a long Retry-After ends it", async () => {
    const clock = fakeClock();
    const error = await siteErrorOf(
      tenantAt(await healing(1, 429, { "retry-after": "3600" }), { clock }).platformUpdatesPaused(),
    );
    assert.equal(error.kind, "throttled");
    assert.deepEqual(clock.slept, []);
  });

  it("an address at which nothing listens is network, after retries", async () => {
    const clock = fakeClock();
    const error = await siteErrorOf(tenantAt(await deadAddress(), { clock }).platformUpdatesPaused());
    assert.equal(error.kind, "network");
    assert.match(
      error.message,
      /^Tenant acme: http:.* could not be reached: .*ECONNREFUSED.*\. Check palette:site.apiUrl, .* then run the same command again\.$/,
    );
    assert.equal(clock.slept.length, 3);
  });

  it("an answer that never comes ends at the time limit, and is not asked for again", async () => {
    let requests = 0;
    const url = await serve(() => (requests += 1));
    const began = performance.now();
    const error = await siteErrorOf(tenantAt(url, { clock: systemClock, timeoutSeconds: 0.2 }).platformUpdatesPaused());
    assert.equal(error.kind, "network");
    assert.match(
      error.message,
      /did not answer within 0\.2 seconds\. Look at Palette's own pods .*then run the same command again\.$/,
    );
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
    const error = await siteErrorOf(tenantAt(url, { clock: systemClock }).platformUpdatesPaused());
    assert.equal(error.kind, "malformed");
    assert.match(error.message, /longer than 8000000 bytes/);
  });

  it("an empty key is not sent", async () => {
    const error = await siteErrorOf(tenantAt("http://127.0.0.1:9", { apiKey: "" }).overlords());
    assert.equal(
      error.message,
      "Tenant acme: no API key was given. Set it: pulumi config set --secret --path 'palette:secrets.apiKeys.acme'.",
    );
  });
});

describe("the Palette API's address", () => {
  afterEach(cleanUp);

  const wrong = ["http://palette.example", "palette.example", "ftp://127.0.0.1", ""];
  for (const url of wrong) {
    it(`"${url}" is refused before a key is sent`, () => {
      assert.throws(() => tenantAt(url), { code: "API_URL_INVALID", next: /palette:site.apiUrl/ });
    });
  }

  it("https, and http on loopback, are taken", () => {
    for (const url of ["https://palette.example", "http://127.0.0.1:1", "http://localhost:1/", "http://[::1]:1"])
      tenantAt(url);
  });

  for (const [title, file, what] of [
    ["that is not there", () => `${fileWith("x", "")}.missing`, "cannot be read: ENOENT"],
    ["without a certificate", () => fileWith("ca.pem", "none"), "holds no certificate (PEM)."],
  ] as const) {
    it(`a CA file ${title} is named, with its key`, () => {
      const caFile = file();
      assert.throws(
        () => tenantAt("https://palette.example", { caFile }),
        (thrown: unknown) => {
          const { code, message, next } = thrown as { code: string; message: string; next: string };
          assert.equal(code, "CA_FILE_UNREADABLE");
          assert.ok(message.startsWith(`The CA file ${caFile} ${what}`), message);
          return next.startsWith("Name a readable PEM file in palette:site.apiCaFile");
        },
      );
    });
  }
});
