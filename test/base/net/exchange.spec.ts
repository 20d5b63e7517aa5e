import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { IncomingMessage, ServerResponse } from "node:http";
import { exchange, type ExchangePolicy } from "../../../lib/base/net/exchange.js";
import { systemClock } from "../../../lib/base/time/clock.js";
import { fakeClock } from "../../site/fake-clock.js";
import { cleanUp, deadAddress, serve } from "../../site/servers.js";

const secret = "pl4nted-password";
const credentials = { authorization: `Basic ${secret}`, apikey: secret };

/** A server that notes the secret headers of each request. */
async function spy(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const url = await serve((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? "-"} ${String(request.headers.apikey ?? "-")}`);
    answer(request, response);
  });
  return { url, seen };
}

const redirect =
  (location: () => string, status = 302) =>
  (_request: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(status, { location: location() }).end();
const ok = (_request: IncomingMessage, response: ServerResponse): void => void response.end("ok");

describe("credentials of an HTTP request", () => {
  afterEach(cleanUp);
  const policy: ExchangePolicy = { clock: systemClock, timeoutSeconds: 5, redirects: 5 };
  const sent = `Basic ${secret} ${secret}`;

  it("are sent to the origin that was named, and after a redirect within it", async () => {
    const a = await spy((request, response) =>
      request.url === "/x" ? redirect(() => "/y")(request, response) : ok(request, response),
    );
    const answer = await exchange({ url: `${a.url}/x`, credentials, maxBytes: 100 }, policy);
    assert.deepEqual([String(answer.body), answer.leftOrigin, answer.url.pathname], ["ok", false, "/y"]);
    assert.deepEqual(a.seen, [`/x ${sent}`, `/y ${sent}`]);
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`are never sent to another origin after ${status}`, async () => {
      const b = await spy(ok);
      const a = await spy(redirect(() => `${b.url}/y`, status));
      const answer = await exchange({ url: `${a.url}/x`, credentials, maxBytes: 100 }, policy);
      assert.deepEqual([answer.leftOrigin, answer.url.origin], [true, b.url]);
      assert.deepEqual([a.seen, b.seen], [[`/x ${sent}`], ["/y - -"]]);
    });
  }

  it("are not sent again once a redirect has left the origin, not even back to it", async () => {
    const back = await spy(redirect(() => `${a.url}/z`));
    const a = await spy((request, response) =>
      request.url === "/x" ? redirect(() => `${back.url}/y`)(request, response) : ok(request, response),
    );
    const answer = await exchange({ url: `${a.url}/x`, credentials, maxBytes: 100 }, policy);
    assert.equal(answer.leftOrigin, true);
    assert.deepEqual([a.seen, back.seen], [[`/x ${sent}`, "/z - -"], ["/y - -"]]);
  });

  it("another name of the same machine is another origin", async () => {
    const a = await spy((request, response) =>
      request.url === "/x"
        ? redirect(() => `${a.url.replace("127.0.0.1", "localhost")}/y`)(request, response)
        : ok(request, response),
    );
    await exchange({ url: `${a.url}/x`, credentials, maxBytes: 100 }, policy);
    assert.deepEqual(a.seen, [`/x ${sent}`, "/y - -"]);
  });

  it("a redirect is the answer where none is to be followed, and for a write", async () => {
    const b = await spy(ok);
    const a = await spy(redirect(() => b.url));
    for (const [method, redirects] of [
      ["GET", 0],
      ["POST", 5],
    ] as const) {
      const answer = await exchange({ url: a.url, method, credentials, maxBytes: 100 }, { ...policy, redirects });
      assert.equal(answer.status, 302);
    }
    assert.deepEqual(b.seen, []);
  });
});

describe("a redirect of an https address", () => {
  /** Asks https://a.example/token, which redirects; gives each address that was asked. */
  async function follow(location: string): Promise<string[]> {
    const asked: string[] = [];
    const send: ExchangePolicy["send"] = ({ url, headers }) => {
      asked.push(`${url} ${headers?.["authorization"] ?? "-"}`);
      const status = url.endsWith("/token") ? 302 : 200;
      return Promise.resolve({ status, headers: { location }, body: Buffer.from(""), certificateIssuer: "" });
    };
    const policy: ExchangePolicy = { clock: systemClock, timeoutSeconds: 5, redirects: 5, send };
    await exchange({ url: "https://a.example/token", credentials: { authorization: secret }, maxBytes: 100 }, policy);
    return asked;
  }
  const first = `https://a.example/token ${secret}`;

  for (const [location, then] of [
    ["/other", `https://a.example/other ${secret}`],
    ["https://a.example/other", `https://a.example/other ${secret}`],
    ["https://b.example/other", "https://b.example/other -"],
    ["https://a.example:8443/other", "https://a.example:8443/other -"],
  ] as const)
    it(`to ${location} is followed`, async () => assert.deepEqual(await follow(location), [first, then]));

  for (const location of ["http://a.example/other", "http://127.0.0.1/other", "http://localhost:5000/other"])
    it(`to ${location} is refused: no less trust than was asked for`, () =>
      assert.rejects(follow(location), {
        kind: "malformed",
        message: `https://a.example/token redirects to ${new URL(location).origin}, which is not https.`,
      }));
});

describe("a hostile HTTP server", () => {
  afterEach(cleanUp);
  const policy: ExchangePolicy = { clock: systemClock, timeoutSeconds: 0.3, redirects: 3 };
  const cases: [title: string, answer: (request: IncomingMessage, response: ServerResponse) => void, says: RegExp][] = [
    ["redirects to itself", redirect(() => "/again"), /^http:\S+\/x redirects more than 3 times\.$/],
    [
      "redirects to a file",
      redirect(() => "file:///etc/passwd"),
      /^http:\S+\/x redirects to null, which is not https\.$/,
    ],
    ["redirects to no address", redirect(() => "http://"), /^http:\S+\/x redirects to something that is no address\.$/],
    [
      "announces a huge body",
      (_request, response) => void response.writeHead(200, { "content-length": 1e12 }).write(Buffer.alloc(2000)),
      /\/x: the answer is longer than 1000 bytes\.$/,
    ],
    [
      "sends a body without end",
      (_request, response) => {
        const more = (): void => {
          if (!response.destroyed) response.write(Buffer.alloc(500), () => setImmediate(more));
        };
        more();
      },
      /\/x: the answer is longer than 1000 bytes\.$/,
    ],
    ["never answers", () => undefined, /^http:\S+\/x did not answer within 0\.3 s\.$/],
    [
      "sends a byte now and then",
      (_request, response) => {
        const timer = setInterval(() => response.write("x"), 50);
        response.on("close", () => clearInterval(timer));
      },
      /^http:\S+\/x did not answer within 0\.3 s\.$/,
    ],
  ];
  for (const [title, answer, says] of cases) {
    it(`${title}: the request ends with an error that names it`, async () => {
      const url = await serve(answer);
      await assert.rejects(exchange({ url: `${url}/x?key=${secret}`, maxBytes: 1000 }, policy), (error: Error) => {
        assert.match(error.message, says);
        assert.ok(!error.message.includes(secret));
        return true;
      });
    });
  }

  it("a compressed body is not unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const url = await serve((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
    const { body } = await exchange({ url, maxBytes: 100_000 }, { ...policy, timeoutSeconds: 5 });
    assert.equal(body.length, bomb.length);
  });
});

describe("repeated HTTP requests", () => {
  afterEach(cleanUp);

  /** Answers with these statuses in turn, then 200; 0 cuts the connection. None is kept: a cut one is never a used one. */
  async function failing(
    statuses: number[],
    headers: Record<string, string> = {},
  ): Promise<{ url: string; count: () => number }> {
    let requests = 0;
    const url = await serve((request, response) => {
      const status = statuses[requests++] ?? 200;
      if (status === 0) return void request.socket.destroy();
      response.writeHead(status, { connection: "close", ...(status === 200 ? {} : headers) }).end();
    });
    return { url, count: () => requests };
  }

  const now = "2026-01-31T08:00:00Z";
  const cases: [
    title: string,
    statuses: number[],
    header: string | undefined,
    repeatable: boolean,
    expected: { status: number; slept: number[] },
  ][] = [
    ["what passes", [429, 503, 0], undefined, true, { status: 200, slept: [0.5, 1, 2] }],
    ["what stays", [500, 500, 500, 500], undefined, true, { status: 500, slept: [0.5, 1, 2] }],
    ["Retry-After in seconds", [429], "7", true, { status: 200, slept: [7] }],
    ["Retry-After of a 503", [503], "3", true, { status: 200, slept: [3] }],
    ["Retry-After as a date", [429], "Sat, 31 Jan 2026 08:00:20 GMT", true, { status: 200, slept: [20] }],
    ["Retry-After in the past", [429], "Sat, 31 Jan 2026 07:00:00 GMT", true, { status: 200, slept: [0.5] }],
    ["Retry-After that is nonsense", [429], "soon", true, { status: 200, slept: [0.5] }],
    ["Retry-After beyond the cap", [429], "31", true, { status: 429, slept: [] }],
    ["a 4xx", [404], undefined, true, { status: 404, slept: [] }],
    ["a write that was refused", [429], undefined, false, { status: 200, slept: [0.5] }],
    ["a write that may have been executed", [503], undefined, false, { status: 503, slept: [] }],
  ];
  for (const [title, statuses, header, repeatable, { status, slept }] of cases) {
    it(`${title}: ${status} after ${slept.length} pauses`, async () => {
      const server = await failing(statuses, header === undefined ? {} : { "retry-after": header });
      const clock = { ...fakeClock(), now: () => Promise.resolve(new Date(now)) };
      const answer = await exchange({ url: server.url, maxBytes: 100 }, { clock, timeoutSeconds: 5, repeatable });
      assert.deepEqual([answer.status, clock.slept, server.count()], [status, slept, slept.length + 1]);
    });
  }

  it("a write that was cut off is not repeated", async () => {
    const server = await failing([0]);
    const clock = fakeClock();
    const request = { url: server.url, method: "POST", maxBytes: 100 };
    await assert.rejects(exchange(request, { clock, timeoutSeconds: 5, repeatable: false }), { kind: "network" });
    assert.deepEqual([clock.slept, server.count()], [[], 1]);
  });

  it("an address at which nothing listens is an error after four attempts", async () => {
    const clock = fakeClock();
    const url = await deadAddress();
    await assert.rejects(exchange({ url, maxBytes: 100 }, { clock, timeoutSeconds: 5 }), { kind: "network" });
    assert.deepEqual(clock.slept, [0.5, 1, 2]);
  });

  it("an abort ends it with its own reason", async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort(new Error("stopped")));
    const policy = { clock: fakeClock(), timeoutSeconds: 5, signal: controller.signal };
    await assert.rejects(exchange({ url, maxBytes: 100 }, policy), { message: "stopped" });
  });
});
