import assert from "node:assert/strict";
import { systemClock } from "../../../lib/base/time/clock.js";
import { createConnectOptions } from "../../../lib/program/rehearsal/connect-options.js";
import { createSimulatedIngress } from "../../../lib/program/rehearsal/simulated-ingress.js";
import { createSiteClock } from "../../../lib/program/rehearsal/site-clock.js";
import { isEmbeddedEngine } from "../../../lib/program/rehearsal/variables.js";
import { answering, cleanUp, deadAddress, serve } from "../../site/servers.js";

describe("connect options", () => {
  afterEach(cleanUp);

  for (const environment of [{}, { PALETTE_REHEARSAL: "" }]) {
    it(`in production: the machine's clock and network (${JSON.stringify(environment)})`, () => {
      assert.deepEqual(createConnectOptions(environment), { environment, clock: systemClock });
    });
  }

  it("in a rehearsal: clock, time limits and ingress of the simulated site", async () => {
    const url = await serve(answering(200, { now: "2030-01-01T00:00:00.000Z" }));
    const options = createConnectOptions({ PALETTE_REHEARSAL: `${url}/rehearsal/` });
    assert.equal((await options.clock.now()).toISOString(), "2030-01-01T00:00:00.000Z");
    assert.ok(options.limitTime !== undefined && options.fetchIngressAnswer !== undefined);
  });
});

describe("the embedded engine", () => {
  const cases: [environment: NodeJS.ProcessEnv, expected: boolean][] = [
    [{}, false],
    [{ PALETTE_EMBEDDED_ENGINE: "yes" }, false],
    [{ PALETTE_REHEARSAL: "http://127.0.0.1:1/rehearsal" }, false],
    [{ PALETTE_REHEARSAL: "http://127.0.0.1:1/rehearsal", PALETTE_EMBEDDED_ENGINE: "yes" }, true],
  ];
  for (const [environment, expected] of cases) {
    it(`${JSON.stringify(environment)}: ${expected}`, () => assert.equal(isEmbeddedEngine(environment), expected));
  }
});

describe("the clock of a simulated site", () => {
  afterEach(cleanUp);

  it("asks to sleep, and gives up when aborted", async () => {
    const asked: string[] = [];
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const url = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.once("close", closed);
    });
    const ending = new AbortController();
    setTimeout(() => ending.abort(new Error("interrupted")), 50);
    await assert.rejects(createSiteClock(url).sleep(900, ending.signal), /^Error: interrupted$/);
    await gone;
    assert.deepEqual(asked, ["POST /sleep"]);
    await assert.rejects(createSiteClock(url).sleep(900, ending.signal), /^Error: interrupted$/);
    assert.equal(asked.length, 1);
  });

  it("names a site that is gone, and an answer that is no time", async () => {
    await assert.rejects(createSiteClock(await deadAddress()).now(), { kind: "network" });
    await assert.rejects(createSiteClock(await serve(answering(404, {}))).sleep(1), { kind: "server" });
    await assert.rejects(createSiteClock(await serve(answering(200, {}))).now(), { kind: "malformed" });
  });
});

describe("the ingress of a simulated site", () => {
  afterEach(cleanUp);

  it("gets address and domain, and answers with the certificate's issuer", async () => {
    const asked: string[] = [];
    const base = await serve((request, response) => {
      asked.push(`${request.url} ${request.headers.host}`);
      answering(302, "", { server: "nginx", "x-certificate-issuer": "Some CA" })(request, response);
    });
    const answer = await createSimulatedIngress(base)("2001:db8::1", "palette.example");
    assert.deepEqual(answer, { status: 302, server: "nginx", certificateIssuer: "Some CA" });
    assert.deepEqual(asked, ["/ingress/2001%3Adb8%3A%3A1 palette.example"]);
  });
});
