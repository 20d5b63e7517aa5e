import assert from "node:assert/strict";
import { createServer as createTlsServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { cleanUp, fileWith } from "../servers.js";
import { makeAuthority } from "../../support/certificates.js";
import { tenantAt } from "./tenants.js";

const authority = makeAuthority("Palette's");

describe("faults of the way to the Palette API that no waiting mends", () => {
  let server: Server;
  let asked: number;
  async function listen(names: string[], endsInMinutes?: number): Promise<string> {
    asked = 0;
    server = createTlsServer(authority.issue(names, endsInMinutes), (_request, response) => {
      asked += 1;
      response.setHeader("content-type", "application/json").end('{"items":[]}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await cleanUp();
  });

  const issuer = "Name the PEM file of the CA that signed the Palette API's certificate in palette:site.apiCaFile.";
  const itself =
    "Set palette:site.apiUrl to the host that the certificate is for; one that has run out needs a new certificate.";
  const cases: [title: string, ca: () => string | null, names: string[], minutes: number | undefined, next: string][] =
    [
      ["a CA that is not named", () => null, ["127.0.0.1"], undefined, issuer],
      ["another CA", () => fileWith("ca.pem", makeAuthority("another").pem), ["127.0.0.1"], undefined, issuer],
      ["another host's certificate", () => fileWith("ca.pem", authority.pem), ["other.example"], undefined, itself],
      ["a certificate that has run out", () => fileWith("ca.pem", authority.pem), ["127.0.0.1"], -5, itself],
    ];
  for (const [title, ca, names, minutes, next] of cases)
    it(`${title}: API_UNTRUSTED, exit 2, at the first request`, async () => {
      const url = await listen(names, minutes);
      await assert.rejects(tenantAt(url, { caFile: ca() }).overlords(), (thrown: unknown) => {
        const error = thrown as { code: string; exitCode: number; message: string; next: string };
        assert.deepEqual([error.code, error.exitCode, error.next], ["API_UNTRUSTED", 2, next]);
        return error.message.startsWith(`Tenant acme: ${url}/v1/overlords could not be reached: `);
      });
      assert.equal(asked, 0);
    });

  it("negative twin: its own CA is trusted", async () => {
    const url = await listen(["127.0.0.1"]);
    assert.deepEqual(await tenantAt(url, { caFile: fileWith("ca.pem", authority.pem) }).overlords(), []);
    assert.equal(asked, 1);
  });

  it("a proxy that is no address: PROXY_INVALID, exit 2", async () => {
    await listen(["127.0.0.1"]);
    const before = process.env["HTTPS_PROXY"];
    process.env["HTTPS_PROXY"] = "socks5://proxy:1080";
    try {
      const error = {
        code: "PROXY_INVALID",
        exitCode: 2,
        message: /^HTTPS_PROXY names a socks5:\/\/ proxy; expected /,
      };
      await assert.rejects(tenantAt("https://palette.example").overlords(), error);
    } finally {
      if (before === undefined) delete process.env["HTTPS_PROXY"];
      else process.env["HTTPS_PROXY"] = before;
    }
  });
});
