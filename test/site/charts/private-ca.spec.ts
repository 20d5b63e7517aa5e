import assert from "node:assert/strict";
import { join } from "node:path";
import { openChartSource, type ChartSourceOptions } from "../../../lib/site/charts/open-chart-source.js";
import type { ChartSource, FoundChart } from "../../../lib/site/charts/types.js";
import { pinCharts } from "../../../lib/cli/charts-command.js";
import type { PaletteError } from "../../../lib/base/errors/errors.js";
import { fetchBytes } from "../../../lib/base/net/http.js";
import { openStackChartSource } from "../../../lib/program/step/charts-of-route.js";
import { toGateSettings } from "../../../lib/settings/gate-settings.js";
import { parseSettings } from "../../../lib/settings/settings.js";
import type { Settings } from "../../../lib/settings/schema.js";
import { makeAuthority, type ServerCertificate } from "../../support/certificates.js";
import { at, FakeClock } from "../../gates/fake-site.js";
import { hubbleChart, packed, rowOf, temporaryProject, type TemporaryProject } from "./fixtures.js";
import { registryStandIn, type RegistryStandIn } from "./registry-stand-in.js";

const hubble = rowOf("hubble");
const password = "pl4nted-password";
const authority = makeAuthority("the registry's own");
const another = makeAuthority("another");
const loopback = authority.issue(["127.0.0.1"]);
/** A name that is not this machine's, so that the registry is spoken to over TLS whatever is configured. */
const name = "registry.test";

describe("a chart registry with a private CA (palette:charts.caFile)", () => {
  let project: TemporaryProject;
  let registry: RegistryStandIn;
  let clock: FakeClock;
  beforeEach(() => {
    project = temporaryProject();
    project.put("ca.pem", authority.pem);
    project.put("another.pem", another.pem);
    clock = new FakeClock();
  });
  afterEach(async () => {
    project.remove();
    await registry.close();
  });

  async function serve(
    tls: ServerCertificate = loopback,
    auth: "none" | "basic" | "bearer" = "none",
  ): Promise<RegistryStandIn> {
    registry = await registryStandIn({ auth, tls, password });
    registry.push("charts/spectro-mgmt-plane", "4.7.20", await packed(hubbleChart("4.7.20")));
    return registry;
  }

  function source(caFile: string | null, more: Partial<ChartSourceOptions> = {}): ChartSource {
    return openChartSource({
      location: `oci://${registry.host}/charts`,
      user: "robot",
      password,
      caFile: caFile === null ? null : join(project.dir, caFile),
      pins: null,
      projectDir: project.dir,
      clock,
      ...more,
    });
  }

  /** The registry under its name: what a resolver would do. */
  const named = (): Partial<ChartSourceOptions> => ({
    location: `oci://${name}/charts`,
    request: (request) =>
      fetchBytes({ ...request, url: request.url.replace(name, registry.host), servername: name, agent: undefined }),
  });

  const noneOfIt = (error: PaletteError): void =>
    assert.doesNotMatch(
      `${error.message}${error.next}${error.stack}${JSON.stringify(error.cause)}`,
      new RegExp(`${password}|${Buffer.from(`robot:${password}`).toString("base64")}`),
    );

  for (const auth of ["none", "basic", "bearer"] as const) {
    it(`${auth}: the chart is pulled, its token and its storage over TLS too`, async () => {
      await serve(loopback, auth);
      const credentials = auth === "none" ? { user: "", password: "" } : {};
      assert.equal((await source("ca.pem", credentials).find("4.7.20", hubble)).version, "4.7.20");
      const asked = registry.seen.map(({ where }) => where);
      assert.deepEqual(
        [...new Set(asked)],
        auth === "bearer" ? ["registry", "token", "storage"] : ["registry", "storage"],
      );
    });

    it(`${auth}: behind the wrong CA nothing is asked, nothing is tried again, and the key is named`, async () => {
      await serve(loopback, auth);
      await assert.rejects(source("another.pem").find("4.7.20", hubble), (error: PaletteError) => {
        const { host } = registry;
        assert.equal(error.code, "CHARTS_UNTRUSTED");
        assert.equal(
          error.message,
          `Palette 4.7.20: oci://${host}/charts/spectro-mgmt-plane cannot be fetched: ` +
            `https://${host}/v2/charts/spectro-mgmt-plane/manifests/4.7.20 could not be reached: unable to verify the first certificate. ` +
            `The file that palette:charts.caFile names does not hold the CA of ${host}.`,
        );
        assert.match(error.next ?? "", /name it in palette:charts.caFile\.$/);
        noneOfIt(error);
        return true;
      });
      assert.deepEqual(registry.requests, []);
      assert.equal((await clock.now()).toISOString(), at(0));
    });
  }

  it("without a CA file the system's trust alone holds, and the key is named", async () => {
    await serve(authority.issue([name]));
    await assert.rejects(source(null, named()).find("4.7.20", hubble), {
      code: "CHARTS_UNTRUSTED",
      message: new RegExp(`Name the PEM file of the private CA of ${name} in palette:charts.caFile\\.$`),
    });
    assert.deepEqual(registry.requests, []);
    assert.equal((await source("ca.pem", named()).find("4.7.20", hubble)).version, "4.7.20");
  });

  for (const [title, certificate, why] of [
    ["of another host", authority.issue(["other.test"]), /Hostname\/IP does not match certificate's altnames/],
    ["that has run out", authority.issue(["127.0.0.1"], -60), /certificate has expired/],
  ] as const) {
    it(`a certificate ${title} is refused behind the right CA: no CA fixes it`, async () => {
      await serve(certificate);
      await assert.rejects(source("ca.pem").find("4.7.20", hubble), (error: PaletteError) => {
        assert.equal(error.code, "CHARTS_UNTRUSTED");
        assert.match(error.message, why);
        assert.match(error.message, /No CA fixes that: the registry needs another certificate\.$/);
        return true;
      });
      assert.deepEqual(registry.requests, []);
    });
  }

  it("a wrong password behind the right CA is refused as such", async () => {
    await serve(loopback, "basic");
    await assert.rejects(
      source("ca.pem", { password: "pl4nted-too" }).find("4.7.20", hubble),
      (error: PaletteError) => {
        assert.equal(error.code, "CHARTS_DENIED");
        assert.doesNotMatch(`${error.message}${error.next}${error.stack}`, /pl4nted/);
        return true;
      },
    );
  });

  for (const [title, file, what] of [
    ["that is not there", "missing.pem", "cannot be read: ENOENT"],
    ["without a certificate", "empty.pem", "holds no certificate (PEM)."],
  ] as const) {
    it(`a CA file ${title} is told before anything is asked`, async () => {
      await serve();
      project.put("empty.pem", "none\n");
      assert.throws(
        () => source(file),
        (error: PaletteError) => {
          assert.equal(error.code, "CA_FILE_UNREADABLE");
          assert.ok(error.message.includes(what), error.message);
          assert.match(error.next ?? "", /palette:charts.caFile/);
          return true;
        },
      );
    });
  }

  it("the program and its gates take the CA and the user that the settings name", async () => {
    await serve(loopback, "bearer");
    const settings = (ca: string): Settings =>
      parseSettings(
        {
          "palette:target": "4.7.20",
          "palette:matrix": "palette-kubernetes-4.7.20",
          "palette:clusterIdentifier": "palette-dev",
          "palette:charts": JSON.stringify({
            location: `oci://${registry.host}/charts`,
            user: "robot",
            caFile: join(project.dir, ca),
          }),
          "palette:secrets": JSON.stringify({ chartsPassword: password }),
        },
        null,
      );
    const found = (ca: string): Promise<FoundChart> =>
      openStackChartSource(settings(ca), project.dir).find("4.7.20", hubble);
    await assert.rejects(found("another.pem"), { code: "CHARTS_UNTRUSTED" });
    assert.equal((await found("ca.pem")).version, "4.7.20");
    const gates = toGateSettings(settings("ca.pem"), null).charts;
    assert.equal((await source("ca.pem", gates).find("4.7.20", hubble)).version, "4.7.20");
    await assert.rejects(
      source("ca.pem", { ...gates, caFile: join(project.dir, "another.pem") }).find("4.7.20", hubble),
    );
  });

  it("charts pin takes the CA and the user that the stack's file names", async () => {
    await serve(loopback, "none");
    registry.push("charts/cert-manager", "1.14.5", await packed({ name: "cert-manager", version: "1.14.5" }));
    const stackFile = (ca: string): string =>
      `config:\n  palette:charts:\n    location: oci://${registry.host}/charts\n    caFile: ${join(project.dir, ca)}\n`;
    const pin = async (): Promise<string> =>
      (await pinCharts({ versions: "4.7.20", chart: [], stack: "dev" }, project.dir)).text;
    project.put("Pulumi.dev.yaml", stackFile("another.pem"));
    await assert.rejects(pin(), /palette:charts.caFile names does not hold the CA/);
    project.put("Pulumi.dev.yaml", stackFile("ca.pem"));
    assert.match(await pin(), /2 charts pinned in chart-pins\.json/);
  });
});
