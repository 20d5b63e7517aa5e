import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { findProxy } from "../../../lib/base/net/proxy.js";
import { sendHttpRequest } from "../../../lib/base/net/http.js";
import { makeAuthority } from "../../support/certificates.js";

describe("the proxy of the environment", () => {
  const proxy = "http://proxy:3128";
  const cases: [url: string, environment: Record<string, string>, expected: string | null][] = [
    ["https://a.example", {}, null],
    ["https://a.example", { HTTPS_PROXY: proxy }, `${proxy}/`],
    ["https://a.example", { https_proxy: proxy }, `${proxy}/`],
    ["https://a.example", { HTTPS_PROXY: proxy, https_proxy: "http://other" }, `${proxy}/`],
    ["https://a.example", { HTTPS_PROXY: "", https_proxy: proxy }, `${proxy}/`],
    ["https://a.example", { HTTPS_PROXY: "proxy:3128" }, `${proxy}/`],
    ["https://a.example", { HTTPS_PROXY: "https://user:p%40ss@proxy" }, "https://user:p%40ss@proxy/"],
    ["https://a.example", { HTTP_PROXY: proxy }, null],
    ["http://a.example", { HTTP_PROXY: proxy }, `${proxy}/`],
    ["http://a.example", { HTTPS_PROXY: proxy }, null],
    ["https://a.example", { HTTPS_PROXY: proxy, NO_PROXY: "*" }, null],
    ["https://a.example", { HTTPS_PROXY: proxy, NO_PROXY: "b.example, a.example" }, null],
    ["https://a.example", { HTTPS_PROXY: proxy, no_proxy: "A.EXAMPLE" }, null],
    ["https://a.example.", { HTTPS_PROXY: proxy, NO_PROXY: "a.example" }, null],
    ["https://x.a.example", { HTTPS_PROXY: proxy, NO_PROXY: "a.example" }, null],
    ["https://x.a.example", { HTTPS_PROXY: proxy, NO_PROXY: ".a.example" }, null],
    ["https://a.example", { HTTPS_PROXY: proxy, NO_PROXY: ".a.example" }, `${proxy}/`],
    ["https://xa.example", { HTTPS_PROXY: proxy, NO_PROXY: "a.example" }, `${proxy}/`],
    ["https://a.example:6443", { HTTPS_PROXY: proxy, NO_PROXY: "a.example:6443" }, null],
    ["https://a.example", { HTTPS_PROXY: proxy, NO_PROXY: "a.example:6443" }, `${proxy}/`],
    ["https://10.1.2.3", { HTTPS_PROXY: proxy, NO_PROXY: "10.0.0.0/8" }, null],
    ["https://11.1.2.3", { HTTPS_PROXY: proxy, NO_PROXY: "10.0.0.0/8" }, `${proxy}/`],
    ["https://10.1.2.3:6443", { HTTPS_PROXY: proxy, NO_PROXY: "10.1.2.3" }, null],
    ["https://[fd00::1]:6443", { HTTPS_PROXY: proxy, NO_PROXY: "fd00::/8" }, null],
    ["https://[fd00::1]:6443", { HTTPS_PROXY: proxy, NO_PROXY: "fe80::/10" }, `${proxy}/`],
    ["https://10.1.2.3", { HTTPS_PROXY: proxy, NO_PROXY: "10.0.0.0/99,nonsense/8" }, `${proxy}/`],
    ["http://127.0.0.1:8080", { HTTP_PROXY: proxy }, null],
    ["http://127.0.0.1:8080", { HTTP_PROXY: "http://127.0.0.1:3128" }, null],
    ["https://127.0.0.1:6443", { HTTPS_PROXY: proxy }, null],
    ["https://localhost:6443", { HTTPS_PROXY: proxy }, null],
    ["https://[::1]:6443", { HTTPS_PROXY: proxy }, null],
    ["https://127.0.0.1:6443", { HTTPS_PROXY: "http://127.0.0.1:3128", NO_PROXY: "127.0.0.1" }, null],
  ];
  const local = "http://127.0.0.1:3128";
  /** Where Go's rule, which kubectl has, is another: docs/airgap.md. */
  const unlikeGo: typeof cases = [
    ["https://127.0.0.1:6443", { HTTPS_PROXY: local }, `${local}/`],
    ["https://localhost:6443", { HTTPS_PROXY: local }, `${local}/`],
    ["https://[::1]:6443", { HTTPS_PROXY: "http://localhost:3128" }, "http://localhost:3128/"],
    ["https://127.0.0.2", { HTTPS_PROXY: "http://[::1]:3128" }, "http://[::1]:3128/"],
  ];
  for (const [url, environment, expected] of unlikeGo) {
    const asGo = { ...environment, NO_PROXY: "localhost,127.0.0.0/8,::1" };
    it(`unlike kubectl, ${url} goes through ${expected}; with NO_PROXY as documented it does not`, () => {
      assert.equal(findProxy(new URL(url), environment)?.href, expected);
      assert.equal(findProxy(new URL(url), asGo), null);
      assert.equal(findProxy(new URL(url.replace("https:", "http:")), { HTTP_PROXY: local }), null);
      assert.equal(findProxy(new URL(url), { HTTPS_PROXY: "http://proxy.example:3128" }), null);
    });
  }

  for (const [url, environment, expected] of cases) {
    it(`${url} with ${JSON.stringify(environment)}: ${expected ?? "none"}`, () =>
      assert.equal(findProxy(new URL(url), environment)?.href ?? null, expected));
  }

  for (const [value, found] of [
    ["socks5://proxy:1080", "a socks5:// proxy"],
    ["http://", "no proxy's address"],
    ["user:pl4nted@[", "no proxy's address"],
  ] as const) {
    it(`${value.replace("pl4nted", "…")} is refused by the variable's name, and not repeated`, () =>
      assert.throws(() => findProxy(new URL("https://a.example"), { https_proxy: value }), {
        code: "PROXY_INVALID",
        message: `https_proxy names ${found}; expected http://host:port or https://host:port.`,
      }));
  }
});

describe("a request through a proxy", () => {
  const authority = makeAuthority("the target's");
  let target: Server;
  let proxy: Server;
  let connects: string[];
  let status: number;
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;

  beforeEach(async () => {
    [connects, status] = [[], 200];
    target = createTlsServer(authority.issue(["target.example"]), (request, response) =>
      response.end(`${request.headers.authorization ?? "-"} ${request.headers["proxy-authorization"] ?? "-"}`),
    );
    proxy = createServer().on("connect", (request, socket) => {
      connects.push(
        `${request.url} ${request.headers["proxy-authorization"] ?? "-"} ${request.headers.authorization ?? "-"}`,
      );
      if (status !== 200) return void socket.end(`HTTP/1.1 ${status} no\r\n\r\n`);
      const upstream = connect(portOf(target), "127.0.0.1", () => socket.write("HTTP/1.1 200 ok\r\n\r\n"));
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
      socket.pipe(upstream).pipe(socket);
    });
    await Promise.all(
      [target, proxy].map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()))),
    );
  });
  afterEach(() => {
    for (const server of [target, proxy]) {
      server.closeAllConnections();
      server.close();
    }
  });
  const send = (ca: string | undefined, more: Record<string, string> = {}): Promise<{ body: string }> =>
    sendHttpRequest({
      url: "https://target.example/x",
      headers: { authorization: "Bearer t" },
      environment: { HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${portOf(proxy)}`, ...more },
      ca,
      maxBytes: 1000,
      signal: AbortSignal.timeout(5000),
    });

  it("is tunnelled: the proxy sees its own credentials and the host, the target sees the request", async () => {
    const basic = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    assert.equal((await send(authority.pem)).body, "Bearer t -");
    assert.deepEqual(connects, [`target.example:443 ${basic} -`]);
  });

  it("trusts the target by its own certificate, not because of the proxy", async () => {
    await assert.rejects(send(undefined), { kind: "network", message: /unable to verify the first certificate\.$/ });
  });

  for (const refused of [403, 407, 502]) {
    it(`${refused} of the proxy names the proxy, without its password, and is no answer of the target`, async () => {
      status = refused;
      await assert.rejects(send(authority.pem), {
        kind: "network",
        message: `https://target.example/x could not be reached through the proxy http://127.0.0.1:${portOf(proxy)}: the proxy answered ${refused}.`,
      });
    });
  }

  it("goes past the proxy where NO_PROXY says so", async () => {
    await assert.rejects(send(authority.pem, { NO_PROXY: "target.example" }), {
      message: /^https:\/\/target\.example\/x could not be reached: /,
    });
    assert.deepEqual(connects, []);
  });
});
