import assert from "node:assert/strict";
import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { checkCharts, pinCharts, type ChartsOptions } from "../../lib/cli/charts-command.js";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { hubbleChart, packed, temporaryProject, type TemporaryProject } from "../site/charts/fixtures.js";

describe("palette-upgrade charts", () => {
  let project: TemporaryProject;
  beforeEach(async () => {
    project = temporaryProject();
    await put("4.7.20", "1.14.5");
  });
  afterEach(() => project.remove());
  const put = async (version: string, certManager: string): Promise<void> => {
    const folder = `charts/release-${version}`;
    project.put(`${folder}/palette/spectro-mgmt-plane-${version}.tgz`, await packed(hubbleChart(version)));
    const chart = await packed({ name: "cert-manager", version: certManager });
    project.put(`${folder}/extras/cert-manager/cert-manager-${certManager}.tgz`, chart);
  };
  const options = (more: Partial<ChartsOptions> = {}): ChartsOptions => ({ versions: "4.7.20", chart: [], ...more });
  const pins = (): { charts: Record<string, Record<string, unknown>> } =>
    JSON.parse(readFileSync(join(project.dir, "chart-pins.json"), "utf8")) as ReturnType<typeof pins>;

  it("pin writes what is found, as the schema says; check passes on it", async () => {
    const { text, exitCode } = await pinCharts(options(), project.dir);
    assert.equal(exitCode, 0);
    assert.match(text, /2 charts pinned in chart-pins\.json\. Set palette:charts.pins to it, and commit it\.$/);
    const schema = readFileSync(join(findPackageRoot(), "data/schemas/chart-pins.schema.json"), "utf8");
    const validate = new Ajv().compile(JSON.parse(schema) as object);
    assert.ok(validate(pins()), JSON.stringify(validate.errors));
    const checked = await checkCharts(options({ pins: "chart-pins.json" }), project.dir);
    assert.match(checked.text, /2 charts found as chart-pins\.json pins them\.$/);
  });

  it("check says where nothing is pinned, and where pins lie that nothing names", async () => {
    const unpinned = await checkCharts(options(), project.dir);
    assert.match(unpinned.text, /\n2 charts found; none is pinned\.$/);
    await pinCharts(options(), project.dir);
    const unnamed = await checkCharts(options(), project.dir);
    assert.match(
      unnamed.text,
      /\n2 charts found; none is pinned: chart-pins\.json is there, but neither palette:charts.pins nor --pins names it\.$/,
    );
  });

  it("pin keeps what is pinned of other versions, sorted by version", async () => {
    await put("4.10.0", "1.20.2");
    project.put(
      "charts/release-4.10.0/extras/spectro-mgmt-crds/spectro-mgmt-crds-1.0.0.tgz",
      await packed({ name: "spectro-mgmt-crds", version: "1.0.0" }),
    );
    await pinCharts(options({ versions: "4.10.0" }), project.dir);
    await pinCharts(options(), project.dir);
    assert.deepEqual(Object.keys(pins().charts), ["4.7.20", "4.10.0"]);
  });

  it("check refuses a chart that changed since", async () => {
    await pinCharts(options(), project.dir);
    const changed = await packed(hubbleChart("4.7.20", { "values.yaml": "a: 1\n" }));
    project.put("charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz", changed);
    await assert.rejects(checkCharts(options({ pins: "chart-pins.json" }), project.dir), { code: "CHART_CHECKSUM" });
  });

  it("everything that is missing is told at once, and nothing is written", async () => {
    await assert.rejects(pinCharts(options({ versions: "4.6.41,4.7.20" }), project.dir), {
      code: "CHARTS_MISSING",
      message:
        "2 charts are not as they should be:\n" +
        "  - CHART_MISSING: Palette 4.6.41 needs charts/release-4.6.41/extras/cert-manager/cert-manager-*.tgz, which is not there.\n" +
        "  - CHART_MISSING: Palette 4.6.41 needs charts/release-4.6.41/palette/spectro-mgmt-plane-*.tgz, which is not there.",
    });
    assert.ok(!existsSync(join(project.dir, "chart-pins.json")));
  });

  it("of several versions the one that is named is pinned", async () => {
    const older = await packed({ name: "cert-manager", version: "1.13.0" });
    project.put("charts/release-4.7.20/extras/cert-manager/cert-manager-1.13.0.tgz", older);
    await assert.rejects(pinCharts(options(), project.dir), { code: "CHART_AMBIGUOUS" });
    await pinCharts(options({ chart: ["cert-manager=1.13.0"] }), project.dir);
    assert.equal((pins().charts["4.7.20"]!["cert-manager"] as { version: string }).version, "1.13.0");
  });

  it("takes place and pins from the stack's file", async () => {
    project.put(
      "Pulumi.prod.yaml",
      "config:\n  palette:charts:\n    location: charts/release-{version}\n    pins: p.json\n",
    );
    await pinCharts(options({ stack: "prod" }), project.dir);
    assert.ok(existsSync(join(project.dir, "p.json")));
    await assert.rejects(pinCharts(options({ stack: "dev" }), project.dir), { code: "STACK_FILE_MISSING" });
  });

  const oldFiles = [
    {
      title: "an old flat key",
      key: "palette:chartsUser: ana",
      fault: 'palette:chartsUser: this key is palette:charts.user now; write "user" below palette:charts.',
    },
    {
      title: "a key that was mistyped",
      key: "palette:chart: x",
      fault: "palette:chart: this key is not known (did you mean palette:charts?); remove it or correct its name.",
    },
  ];
  for (const { title, key, fault } of oldFiles) {
    it(`${title} in the stack's file refuses, and nothing is pinned`, async () => {
      project.put("Pulumi.prod.yaml", `config:\n  palette:charts:\n    location: charts/release-{version}\n  ${key}\n`);
      await assert.rejects(pinCharts(options({ stack: "prod" }), project.dir), {
        code: "SETTINGS_INVALID",
        message: `The stack's configuration is not valid:\n  - ${fault}`,
      });
      assert.ok(!existsSync(join(project.dir, "chart-pins.json")));
    });
  }

  it("a role that nobody knows is refused", async () => {
    await assert.rejects(pinCharts(options({ chart: ["hubbel=1"] }), project.dir), { code: "USAGE" });
  });
});
