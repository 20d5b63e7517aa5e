import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo } from "node:net";
import { type TLSSocket } from "node:tls";
import { SiteError } from "../../lib/base/errors/site-error.js";
import { systemClock } from "../../lib/base/time/clock.js";
import { connectSite } from "../../lib/site/connect.js";
import { createIngressClient } from "../../lib/site/ingress-client.js";
import { defaultGateSettings } from "../../lib/settings/gate-settings.js";
import { answering, cleanUp, deadAddress, fileWith, kubeconfigFor, serve } from "./servers.js";

/** A throw-away certificate; null, said aloud, where there is no openssl to make one. */
function selfSigned(issuer: string): { key: string; cert: string } | null {
  const [key, cert] = [fileWith("key.pem", ""), fileWith("cert.pem", "")];
  const subject = ["-subj", `/CN=${issuer}`, "-days", "2", "-nodes"];
  try {
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", ...subject, "-keyout", key, "-out", cert], {
      stdio: "ignore",
    });
  } catch {
    process.stdout.write("      (skipped: openssl is not on PATH, so no certificate can be made)\n");
    return null;
  }
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}

const production = { environment: {}, clock: systemClock };

describe("connecting a site", () => {
  afterEach(cleanUp);

  it("gives each tenant its own key, in the order of the settings", async () => {
    const keys: unknown[] = [];
    const apiUrl = await serve((request, response) => {
      keys.push(request.headers["apikey"]);
      answering(200, {})(request, response);
    });
    const tenants = [
      { name: "acme", pcgs: [] },
      { name: "globex", pcgs: [] },
      { name: "initech", pcgs: [] },
    ];
    const settings = {
      ...defaultGateSettings,
      kubernetes: { kubeconfig: kubeconfigFor("https://a"), context: null },
      site: { ...defaultGateSettings.site, apiUrl },
      tenants,
    };
    const site = connectSite(settings, { apiKeys: ["one", "two"] }, production);
    assert.deepEqual(
      site.tenants.map(({ tenant }) => tenant),
      ["acme", "globex", "initech"],
    );
    for (const tenant of site.tenants.slice(0, 2)) await tenant.platformUpdatesPaused();
    assert.deepEqual(keys, ["one", "two"]);
    await assert.rejects(site.tenants[2]!.platformUpdatesPaused(), {
      message: /^Tenant initech: no API key was given\. /,
    });
  });

  it("without an API address there are no tenants, so that none is taken for covered", () => {
    const settings = {
      ...defaultGateSettings,
      kubernetes: { kubeconfig: kubeconfigFor("https://a"), context: null },
      tenants: [{ name: "acme", pcgs: [] }],
    };
    assert.deepEqual(connectSite(settings, { apiKeys: ["one"] }, production).tenants, []);
  });

  it("asks the ingress as it is told from outside", async () => {
    const answer = { status: 302, server: "nginx", certificateIssuer: "Some CA" };
    const site = connectSite(
      { ...defaultGateSettings, kubernetes: { kubeconfig: kubeconfigFor("https://a"), context: null } },
      { apiKeys: [] },
      { ...production, fetchIngressAnswer: () => Promise.resolve(answer) },
    );
    assert.deepEqual(await site.fetchIngressAnswer("192.0.2.1", "palette.example"), answer);
  });

  it("an unreadable kubeconfig is told at once", () => {
    const settings = { ...defaultGateSettings, kubernetes: { kubeconfig: "/nowhere/config", context: null } };
    assert.throws(() => connectSite(settings, { apiKeys: [] }, production), { code: "KUBECONFIG_UNREADABLE" });
  });
});

describe("the ingress client", () => {
  const fetchIngressAnswer = createIngressClient({});
  afterEach(cleanUp);

  it("an address at which nothing listens is network", async () => {
    const { host } = new URL(await deadAddress());
    await assert.rejects(fetchIngressAnswer(host, "palette.example"), (thrown: unknown) => {
      return (
        thrown instanceof SiteError &&
        thrown.kind === "network" &&
        thrown.message.startsWith(`https://${host}/ could not be`)
      );
    });
  });

  it("a server without TLS is no HTTPS answer", async () => {
    const { host } = new URL(await serve(answering(200, "plain")));
    await assert.rejects(fetchIngressAnswer(host, "palette.example"), { kind: "network" });
  });

  it("tells who answered over TLS, asked by the domain's name at another address", async function () {
    const certificate = selfSigned("Some Issuer");
    if (certificate === null) return this.skip();
    const asked: unknown[] = [];
    const server = createTlsServer(certificate, (request, response) => {
      asked.push((request.socket as TLSSocket).servername, request.headers.host);
      response.writeHead(404, { server: "nginx" }).end("no");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const answer = await fetchIngressAnswer(`127.0.0.1:${(server.address() as AddressInfo).port}`, "palette.example");
      assert.deepEqual(answer, { status: 404, server: "nginx", certificateIssuer: "Some Issuer" });
      assert.deepEqual(asked, ["palette.example", "palette.example"]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
