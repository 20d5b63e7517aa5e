import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { openChartSource } from "../../../lib/site/charts/open-chart-source.js";
import { createTokenUrl, parseDemand } from "../../../lib/site/registry/challenge.js";
import { parseChartLocation } from "../../../lib/site/charts/location.js";
import type { ChartSource } from "../../../lib/site/charts/types.js";
import type { PaletteError } from "../../../lib/base/errors/errors.js";
import { FakeClock } from "../../gates/fake-site.js";
import { hubbleChart, packed, rowOf, temporaryProject, type TemporaryProject } from "./fixtures.js";
import { registryStandIn, type RegistryStandIn } from "./registry-stand-in.js";

const hubble = rowOf("hubble");
const certManager = rowOf("cert-manager");
const password = "pl4nted-password";
const cached = ".palette/charts/release-4.7.20/spectro-mgmt-plane-4.7.20.tgz";
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describe("charts of an OCI registry", () => {
  let project: TemporaryProject;
  let registry: RegistryStandIn;
  beforeEach(() => (project = temporaryProject()));
  afterEach(async () => {
    project.remove();
    await registry?.close();
  });
  const source = (path: string, more: { user?: string; password?: string; pins?: string } = {}): ChartSource =>
    openChartSource({
      location: `oci://${registry.host}/${path}`,
      pins: null,
      projectDir: project.dir,
      user: "robot",
      password,
      caFile: null,
      clock: new FakeClock(),
      ...more,
    });

  for (const auth of ["none", "basic", "bearer"] as const) {
    it(`${auth}: pulls by manifest, token and redirect into the cache, and once only`, async () => {
      registry = await registryStandIn({ auth });
      const bytes = await packed(hubbleChart("4.7.20"));
      registry.push("palette/charts/spectro-mgmt-plane", "4.7.20", bytes);
      assert.deepEqual(await source("palette/charts").find("4.7.20", hubble), {
        path: cached,
        version: "4.7.20",
        sha256: sha256(bytes),
        archiveValues: {},
      });
      const blobs = (): number => registry.requests.filter((line) => line.includes("/blobs/")).length;
      assert.equal(blobs(), 1);
      await source("palette/charts").find("4.7.20", hubble);
      assert.equal(blobs(), 1, "what lies in the cache with the manifest's digest is not pulled again");
      const elsewhere = registry.seen.filter(
        ({ where, authorization }) => where === "storage" && authorization !== undefined,
      );
      assert.deepEqual(elsewhere, [], "no authorization to the place it redirects to");
    });
  }

  it("pinned and once fetched, nothing is asked of the network", async () => {
    registry = await registryStandIn();
    const bytes = await packed(hubbleChart("4.7.20"));
    registry.push("charts/spectro-mgmt-plane", "4.7.20", bytes);
    const pins = { "4.7.20": { hubble: { version: "4.7.20", sha256: sha256(bytes) } } };
    project.put("pins.json", JSON.stringify({ schemaVersion: 1, charts: pins }));
    await source("charts", { pins: "pins.json" }).find("4.7.20", hubble);
    const asked = registry.requests.length;
    await source("charts", { pins: "pins.json" }).find("4.7.20", hubble);
    assert.equal(registry.requests.length, asked);
  });

  it("the only tag of another chart is taken, over pages; of several none", async () => {
    registry = await registryStandIn({ tagsPerPage: 1 });
    const chart = await packed({ name: "cert-manager", version: "1.14.5+spectro" });
    registry.push("charts/cert-manager", "1.14.5_spectro", chart);
    registry.push("charts/cert-manager", "latest", chart);
    assert.equal((await source("charts").find("4.7.20", certManager)).version, "1.14.5+spectro");
    registry.push("charts/cert-manager", "1.13.0", await packed({ name: "cert-manager", version: "1.13.0" }));
    const shown = `oci://${registry.host}/charts/cert-manager`;
    await assert.rejects(source("charts").find("4.7.20", certManager), {
      code: "CHART_AMBIGUOUS",
      message: `Palette 4.7.20: ${shown}:1.13.0 and ${shown}:1.14.5_spectro both fit; one is expected.`,
    });
  });

  it("{version} stands for the release in the path too", async () => {
    registry = await registryStandIn();
    registry.push("release-4.7.20/spectro-mgmt-plane", "4.7.20", await packed(hubbleChart("4.7.20")));
    assert.equal((await source("release-{version}").find("4.7.20", hubble)).path, cached);
  });

  it("a tag that is not there is named", async () => {
    registry = await registryStandIn();
    await assert.rejects(source("charts").find("4.7.20", hubble), {
      code: "CHART_MISSING",
      message: `Palette 4.7.20 needs oci://${registry.host}/charts/spectro-mgmt-plane:4.7.20, which is not there.`,
      next: "Push it there from the vendor's archive of 4.7.20: helm push spectro-mgmt-plane-4.7.20.tgz oci://…",
    });
  });

  for (const auth of ["basic", "bearer"] as const) {
    it(`${auth}: a wrong password is refused and never repeated`, async () => {
      registry = await registryStandIn({ auth, password: "another" });
      registry.push("charts/spectro-mgmt-plane", "4.7.20", await packed(hubbleChart("4.7.20")));
      await assert.rejects(source("charts").find("4.7.20", hubble), (error: PaletteError) => {
        assert.equal(error.code, "CHARTS_DENIED");
        assert.match(error.message, /does not accept the credentials \(as user "robot"\)\.$/);
        const reported = `${error.message}${error.next}${error.stack}${JSON.stringify(error.cause)}`;
        assert.doesNotMatch(reported, new RegExp(`${password}|${Buffer.from(`robot:${password}`).toString("base64")}`));
        return true;
      });
    });
  }

  it("429 and 5xx are tried again, and told when they stay", async () => {
    registry = await registryStandIn();
    registry.push("charts/spectro-mgmt-plane", "4.7.20", await packed(hubbleChart("4.7.20")));
    registry.faults.push(429, 503, 500);
    assert.equal((await source("charts").find("4.7.20", hubble)).version, "4.7.20");
    registry.faults.push(503, 503, 503, 503);
    await assert.rejects(source("charts").find("4.7.20", hubble), {
      code: "CHARTS_UNREACHABLE",
      message: /answered 503\.$/,
    });
  });

  it("a content that differs from its digest is refused and not kept", async () => {
    registry = await registryStandIn();
    registry.push("charts/spectro-mgmt-plane", "4.7.20", await packed(hubbleChart("4.7.20")));
    registry.corrupt = true;
    await assert.rejects(source("charts").find("4.7.20", hubble), {
      code: "CHARTS_INVALID",
      message: /came with another content than its digest \(sha256:[0-9a-f]{64}\)\.$/,
    });
    registry.corrupt = false;
    assert.equal((await source("charts").find("4.7.20", hubble)).version, "4.7.20");
  });

  it("a registry that is not there is unreachable, not missing", async () => {
    registry = await registryStandIn();
    await registry.close();
    await assert.rejects(source("charts").find("4.7.20", hubble), { code: "CHARTS_UNREACHABLE" });
  });
});

describe("where charts are", () => {
  const cases: [string, ReturnType<typeof parseChartLocation>][] = [
    ["charts/release-{version}", { kind: "places", template: "charts/release-{version}" }],
    ["/srv/archives", { kind: "places", template: "/srv/archives" }],
    [
      "oci://harbor.example.com/palette/charts/",
      { kind: "registry", host: "harbor.example.com", template: "palette/charts" },
    ],
    ["./oci:/charts", { kind: "places", template: "./oci:/charts" }],
    ["C:\\charts\\release-{version}", { kind: "places", template: "C:\\charts\\release-{version}" }],
    [
      "oci://harbor.example.com/charts-{version}",
      { kind: "registry", host: "harbor.example.com", template: "charts-{version}" },
    ],
    ["oci://Harbor.example.com:8443", { kind: "registry", host: "harbor.example.com:8443", template: "" }],
  ];
  for (const [location, expected] of cases) {
    it(location, () => assert.deepEqual(parseChartLocation(location), expected));
  }

  const credentials = "holds credentials, which would be stored and shown in clear";
  const takeOut =
    'Take them out of the address: palette:charts.user for the name, and "pulumi config set --secret --path palette:secrets.chartsPassword" for the password; then change that password, for it was in clear.';
  const folderOrRegistry =
    'Write "oci://registry/path" for a registry, or the path of a folder (./ before one whose name has a colon).';
  const fillIn =
    'Write {version} where the release is to stand, as in "charts/release-{version}"; nothing else is filled in.';
  const asExample = 'Write it as "oci://registry.example.com/palette/charts", in lower case, without a tag.';
  const refused: [location: string, what: string, next: string][] = [
    ["oci://robot:s3cret@harbor.example.com/charts", credentials, takeOut],
    ["oci:/robot:s3cret@harbor.example.com/charts", credentials, takeOut],
    ["https:/robot:s3cret@harbor.example.com/{x}", credentials, takeOut],
    ["https://harbor.example.com/charts", "begins with https://, which charts are not fetched from", folderOrRegistry],
    ["http:/harbor.example.com/charts", "begins with http:/, which charts are not fetched from", folderOrRegistry],
    ["s3:charts", "begins with s3:, which charts are not fetched from", folderOrRegistry],
    ["oci://harbor.example.com/charts:1.0.0", "is no address of a registry", asExample],
    [
      "oci:/harbor.example.com:8443/charts/",
      "begins with oci:/, not oci://, and is no address of a registry",
      'Write it as "oci://harbor.example.com:8443/charts".',
    ],
    [
      "OCI:harbor.example.com",
      "begins with oci:, not oci://, and is no address of a registry",
      'Write it as "oci://harbor.example.com".',
    ],
    ["oci://harbor.example.com\\charts", "is no address of a registry", asExample],
    ["oci:/harbor/Charts", "begins with oci:/, not oci://, and is no address of a registry", asExample],
    ["charts/release-{versoin}", "holds {versoin}, which stands for nothing", fillIn],
    ["charts/{version}/{edition}", "holds {edition}, which stands for nothing", fillIn],
    ["charts/release-{Version}.zip", "holds {Version}, which stands for nothing", fillIn],
    ["charts/release-{version", "holds {version, which stands for nothing", fillIn],
    ["charts/release-{{version}}", "holds {{version}}, which stands for nothing", fillIn],
    ["charts/release-${version}", "holds ${version}, which stands for nothing", fillIn],
    ["charts/release-<version>", "holds <version>, which stands for nothing", fillIn],
    ["oci://harbor.example.com/charts-{versoin}", "holds {versoin}, which stands for nothing", fillIn],
  ];
  for (const [location, what, next] of refused) {
    it(`${location.replace("s3cret", "…")} is refused`, () =>
      assert.throws(() => parseChartLocation(location), {
        code: "CHARTS_LOCATION",
        message: `palette:charts.location ${what}.`,
        next,
      }));
  }
});

describe("what a registry asks for", () => {
  it("Bearer before Basic, with its parameters", () => {
    const header =
      'Basic realm="x", Bearer realm="https://auth.example.com/token",service="a b",scope="repository:c:pull,push"';
    const challenge = parseDemand(header);
    assert.deepEqual(challenge, {
      scheme: "bearer",
      realm: "https://auth.example.com/token",
      service: "a b",
      scope: "repository:c:pull,push",
    });
  });
  it("nothing that is understood", () => assert.equal(parseDemand("Negotiate abc"), null));
  const remote = "https://registry.example.com/v2/c/tags/list";
  const local = "http://127.0.0.1:5000/v2/c/tags/list";
  for (const [asked, realm, expected] of [
    [remote, "https://auth.example.com/token", "https://auth.example.com/token"],
    [remote, "/token?a=b", "https://registry.example.com/token?a=b"],
    [remote, "//auth.example.com/token", "https://auth.example.com/token"],
    [local, "http://127.0.0.1:5000/token", "http://127.0.0.1:5000/token"],
    [local, "token", "http://127.0.0.1:5000/v2/c/tags/token"],
    [remote, "http://127.0.0.1:5000/token", null],
    [remote, "http://auth.example.com/token", null],
    [local, "http://auth.example.com/token", null],
    [remote, "https://user:password@auth.example.com/token", null],
    [remote, "file:///etc/passwd", null],
    [remote, "https://", null],
  ] as const) {
    it(`asked at ${new URL(asked).origin}, a password goes to ${realm}: ${expected ?? "never"}`, () => {
      const demand = { scheme: "bearer", realm, service: null, scope: null } as const;
      assert.equal(createTokenUrl(demand, new URL(asked))?.href ?? null, expected);
    });
  }
});
