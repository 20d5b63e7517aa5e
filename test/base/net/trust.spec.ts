import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sendHttpRequest } from "../../../lib/base/net/http.js";
import { makeAuthority } from "../../support/certificates.js";

describe("trust: which authorities a server may be vouched for by", () => {
  const corporate = makeAuthority("the company's");
  const another = makeAuthority("another");
  let folder: string;
  let server: Server;
  let url: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "palette-trust-"));
    server = createServer(corporate.issue(["127.0.0.1"]), (_request, response) => response.end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  function put(name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  }
  const ask = (environment: NodeJS.ProcessEnv, ca?: string): Promise<number> =>
    sendHttpRequest({ url, environment, ca, maxBytes: 1000, signal: AbortSignal.timeout(10_000) }).then(
      ({ status }) => status,
    );

  const trusted: [title: string, environment: () => NodeJS.ProcessEnv, ca?: string][] = [
    ["the CA of the settings", () => ({}), corporate.pem],
    ["NODE_EXTRA_CA_CERTS", () => ({ NODE_EXTRA_CA_CERTS: put("a.pem", corporate.pem) })],
    ["SSL_CERT_FILE, as for kubectl and helm", () => ({ SSL_CERT_FILE: put("a.pem", corporate.pem) })],
    [
      "one certificate of several in a file",
      () => ({ SSL_CERT_FILE: put("a.pem", `${another.pem}\n${corporate.pem}`) }),
    ],
    ["a file beside another CA of the settings", () => ({ SSL_CERT_FILE: put("a.pem", corporate.pem) }), another.pem],
  ];
  for (const [title, environment, ca] of trusted)
    it(`${title}: trusted`, async () => assert.equal(await ask(environment(), ca), 200));

  const refused: [title: string, environment: () => NodeJS.ProcessEnv, ca?: string][] = [
    ["nothing", () => ({})],
    ["another CA", () => ({}), another.pem],
    ["a file of another CA", () => ({ SSL_CERT_FILE: put("a.pem", another.pem) })],
    ["a file that is not there", () => ({ NODE_EXTRA_CA_CERTS: join(folder, "none") })],
    ["a file without a certificate", () => ({ SSL_CERT_FILE: put("a.pem", "none") })],
  ];
  for (const [title, environment, ca] of refused)
    it(`negative twin: ${title}: refused`, async () => {
      const { cause } = await ask(environment(), ca).then(
        () => assert.fail("it was trusted"),
        (thrown: Error) => thrown,
      );
      assert.match((cause as NodeJS.ErrnoException).code ?? "", /UNABLE_TO_VERIFY|SELF_SIGNED/);
    });

  it("a connection is never reused under the trust of another environment", async () => {
    assert.equal(await ask({ SSL_CERT_FILE: put("a.pem", corporate.pem) }), 200);
    await assert.rejects(ask({}));
  });
});
