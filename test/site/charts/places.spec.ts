import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openChartSource } from "../../../lib/site/charts/open-chart-source.js";
import type { ChartSource } from "../../../lib/site/charts/types.js";
import { chartYaml, hubbleChart, packed, rowOf, temporaryProject, zipped, type TemporaryProject } from "./fixtures.js";

const hubble = rowOf("hubble");
const certManager = rowOf("cert-manager");
const certManagerChart = { name: "cert-manager", version: "1.14.5" };
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describe("charts on this machine", () => {
  let project: TemporaryProject;
  beforeEach(() => (project = temporaryProject()));
  afterEach(() => project.remove());
  const source = (location = "charts/release-{version}", pins: string | null = null): ChartSource =>
    openChartSource({ location, pins, projectDir: project.dir, user: "", password: "", caFile: null });

  describe("the vendor's unpacked archive", () => {
    it("finds a packed chart, reads its version from inside and its checksum", async () => {
      const bytes = await packed(hubbleChart("4.7.20"));
      project.put("charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz", bytes);
      assert.deepEqual(await source().find("4.7.20", hubble), {
        path: "charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz",
        version: "4.7.20",
        sha256: sha256(bytes),
        archiveValues: {},
      });
    });

    it("finds an unpacked chart and takes the archive's values for cert-manager", async () => {
      const folder = "charts/release-4.7.20/extras/cert-manager";
      project.put(`${folder}/cert-manager-1.14.5/Chart.yaml`, chartYaml(certManagerChart));
      project.put(`${folder}/values.yaml`, "image: {tag: v1}\n");
      const found = await source().find("4.7.20", certManager);
      assert.deepEqual([found.path, found.version], [`${folder}/cert-manager-1.14.5`, "1.14.5"]);
      assert.deepEqual(found.archiveValues, { image: { tag: "v1" } });
    });

    it("an unpacked chart's checksum changes with any of its files, and with no other thing", async () => {
      const folder = "charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20";
      project.put(`${folder}/Chart.yaml`, chartYaml(hubbleChart("4.7.20")));
      project.put(`${folder}/templates/a.yaml`, "a: 1\n");
      const first = await source().find("4.7.20", hubble);
      assert.equal((await source().find("4.7.20", hubble)).sha256, first.sha256);
      project.put(`${folder}/templates/a.yaml`, "a: 2\n");
      assert.notEqual((await source().find("4.7.20", hubble)).sha256, first.sha256);
    });

    it("a missing chart is named, with what to do", async () => {
      await assert.rejects(source().find("4.7.20", hubble), {
        code: "CHART_MISSING",
        message: "Palette 4.7.20 needs charts/release-4.7.20/palette/spectro-mgmt-plane-*.tgz, which is not there.",
        next: "Unpack the vendor's archive of that release, or set palette:charts.location to where it is ({version} stands for the release).",
      });
    });

    it("two charts where one belongs are both named", async () => {
      const folder = "charts/release-4.7.20/extras/cert-manager";
      project.put(`${folder}/cert-manager-1.14.5.tgz`, await packed(certManagerChart));
      project.put(`${folder}/cert-manager-1.13.0.tgz`, await packed({ ...certManagerChart, version: "1.13.0" }));
      await assert.rejects(source().find("4.7.20", certManager), {
        code: "CHART_AMBIGUOUS",
        message: `Palette 4.7.20: ${folder}/cert-manager-1.13.0.tgz and ${folder}/cert-manager-1.14.5.tgz both fit; one is expected.`,
      });
    });

    it("another chart whose name begins alike is not taken", async () => {
      project.put("charts/release-4.7.20/palette/spectro-mgmt-plane-extra-1.0.0.tgz", "");
      await assert.rejects(source().find("4.7.20", hubble), { code: "CHART_MISSING" });
    });

    const wrong: [string, Parameters<typeof packed>[0], string][] = [
      ["the product's chart of another release", hubbleChart("4.7.16"), 'has version "4.7.16", expected "4.7.20"'],
      [
        "another appVersion",
        { ...hubbleChart("4.7.20"), appVersion: "4.7.16" },
        'has appVersion "4.7.16", expected "4.7.20"',
      ],
      ["no appVersion", { name: "spectro-mgmt-plane", version: "4.7.20" }, 'has appVersion "", expected "4.7.20"'],
      ["another chart", { ...hubbleChart("4.7.20"), name: "other" }, 'is chart "other", expected "spectro-mgmt-plane"'],
    ];
    for (const [title, chart, fault] of wrong) {
      it(`refuses ${title}`, async () => {
        const path = "charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz";
        project.put(path, await packed(chart));
        await assert.rejects(source().find("4.7.20", hubble), {
          code: "CHART_WRONG",
          message: `Palette 4.7.20: ${path} ${fault}.`,
        });
      });
    }

    it("refuses a chart whose name says another version than its inside", async () => {
      const path = "charts/release-4.7.20/extras/cert-manager/cert-manager-1.14.4.tgz";
      project.put(path, await packed(certManagerChart));
      await assert.rejects(source().find("4.7.20", certManager), {
        code: "CHART_WRONG",
        message: `Palette 4.7.20: ${path} has version "1.14.5" inside, expected "1.14.4" as its name says.`,
      });
    });

    for (const [title, content] of [
      ["no archive", "not a chart"],
      ["an empty file", ""],
      ["half an archive", null],
    ] as const) {
      it(`refuses ${title}`, async () => {
        const bytes = content ?? (await packed(hubbleChart("4.7.20"))).subarray(0, 100);
        project.put("charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz", bytes);
        await assert.rejects(source().find("4.7.20", hubble), { code: "CHART_UNREADABLE" });
      });
    }

    it("a values file that is no YAML is refused without repeating its text", async () => {
      project.put("charts/release-4.7.20/extras/cert-manager/cert-manager-1.14.5.tgz", await packed(certManagerChart));
      project.put("charts/release-4.7.20/extras/cert-manager/values.yaml", "a: 1\nb: [s3cret-planted\n");
      await assert.rejects(source().find("4.7.20", certManager), (error: Error & { code: string }) => {
        assert.equal(error.code, "CHART_UNREADABLE");
        assert.equal(
          error.message,
          "The archive's values cannot be read: charts/release-4.7.20: extras/cert-manager/values.yaml is not YAML (line 3).",
        );
        return true;
      });
    });
  });

  describe("a folder of archives", () => {
    const cached = ".palette/charts/release-4.7.20/spectro-mgmt-plane-4.7.20.tgz";

    for (const [title, zip, prefix] of [
      ["the connected release's zip", "release-4.7.20.zip", "charts/release-4.7.20/"],
      ["the air-gapped charts.zip, kept by release", "4.7.20/charts.zip", ""],
      ["the air-gapped charts.zip, renamed", "charts-4.7.20.zip", ""],
      ["a zip with a folder of its own inside", "release-4.7.20.zip", "palette-install/charts/release-4.7.20/"],
    ] as const) {
      it(`${title}: into the cache, with the archive's values`, async () => {
        const bytes = await packed(hubbleChart("4.7.20"));
        project.put(
          `archives/${zip}`,
          zipped({
            [`${prefix}palette/spectro-mgmt-plane-4.7.20.tgz`]: bytes,
            [`${prefix}extras/cert-manager/cert-manager-1.14.5.tgz`]: await packed(certManagerChart),
            [`${prefix}extras/cert-manager/values.yaml`]: "image: {tag: v1}\n",
          }),
        );
        const charts = source("archives");
        assert.deepEqual(await charts.find("4.7.20", hubble), {
          path: cached,
          version: "4.7.20",
          sha256: sha256(bytes),
          archiveValues: {},
        });
        assert.deepEqual(readFileSync(join(project.dir, cached)), bytes);
        assert.deepEqual((await charts.find("4.7.20", certManager)).archiveValues, { image: { tag: "v1" } });
      });
    }

    it("what lies in the cache from another archive is replaced", async () => {
      const bytes = await packed(hubbleChart("4.7.20"));
      project.put(cached, "stale");
      project.put("archives/release-4.7.20.zip", zipped({ "palette/spectro-mgmt-plane-4.7.20.tgz": bytes }));
      assert.equal((await source("archives").find("4.7.20", hubble)).sha256, sha256(bytes));
    });

    it("an entry that leads out of the archive is taken by its name alone", async () => {
      const bytes = await packed(hubbleChart("4.7.20"));
      project.put("archives/release-4.7.20.zip", zipped({ "../../palette/spectro-mgmt-plane-4.7.20.tgz": bytes }));
      assert.equal((await source("archives").find("4.7.20", hubble)).path, cached);
    });

    it("unpacked releases lie beside zips", async () => {
      project.put("archives/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz", await packed(hubbleChart("4.7.20")));
      const { path } = await source("archives").find("4.7.20", hubble);
      assert.equal(path, "archives/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz");
    });

    it("loose charts: the product's by its release, another where it is the only one", async () => {
      for (const version of ["4.6.41", "4.7.20"]) {
        project.put(`archives/spectro-mgmt-plane-${version}.tgz`, await packed(hubbleChart(version)));
      }
      project.put("archives/cert-manager-1.14.5.tgz", await packed(certManagerChart));
      const charts = source("archives");
      assert.equal((await charts.find("4.7.20", hubble)).path, "archives/spectro-mgmt-plane-4.7.20.tgz");
      assert.equal((await charts.find("4.7.20", certManager)).path, "archives/cert-manager-1.14.5.tgz");
    });

    it("loose charts: of several, only a pin tells which", async () => {
      const older = await packed({ ...certManagerChart, version: "1.13.0" });
      project.put("archives/cert-manager-1.13.0.tgz", older);
      project.put("archives/cert-manager-1.14.5.tgz", await packed(certManagerChart));
      await assert.rejects(source("archives").find("4.7.20", certManager), { code: "CHART_AMBIGUOUS" });
      const pins = { "4.7.20": { "cert-manager": { version: "1.13.0", sha256: sha256(older) } } };
      project.put("pins.json", JSON.stringify({ schemaVersion: 1, charts: pins }));
      const found = await source("archives", "pins.json").find("4.7.20", certManager);
      assert.equal(found.version, "1.13.0");
    });

    it("what is missing names every form that would do", async () => {
      await assert.rejects(source("archives").find("4.7.20", hubble), {
        code: "CHART_MISSING",
        message:
          "Palette 4.7.20 needs archives/release-4.7.20.zip (or charts-4.7.20.zip, or unpacked " +
          "release-4.7.20/palette/spectro-mgmt-plane-*.tgz, or spectro-mgmt-plane-4.7.20.tgz), which is not there.",
      });
    });

    it("a zip cut short is refused", async () => {
      const whole = zipped({ "palette/spectro-mgmt-plane-4.7.20.tgz": await packed(hubbleChart("4.7.20")) });
      project.put("archives/release-4.7.20.zip", whole.subarray(0, whole.length - 30));
      await assert.rejects(source("archives").find("4.7.20", hubble), {
        code: "ARCHIVE_UNREADABLE",
        message: /^The archive archives\/release-4\.7\.20\.zip cannot be read: /,
      });
    });

    it("charts at an absolute path get the same relative path on every machine", async () => {
      const outside = temporaryProject();
      try {
        outside.put("release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz", await packed(hubbleChart("4.7.20")));
        const { path } = await source(`${outside.dir}/release-{version}`).find("4.7.20", hubble);
        assert.equal(path, cached);
        outside.put("release-4.6.41/palette/spectro-mgmt-plane-4.6.41/Chart.yaml", chartYaml(hubbleChart("4.6.41")));
        await assert.rejects(source(`${outside.dir}/release-{version}`).find("4.6.41", hubble), {
          code: "CHARTS_LOCATION",
        });
      } finally {
        outside.remove();
      }
    });
  });

  describe("pins", () => {
    const path = "charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz";
    const pin = async (version: string, digest: string): Promise<ChartSource> => {
      project.put(path, await packed(hubbleChart("4.7.20")));
      const charts = { "4.7.20": { hubble: { version, sha256: digest } } };
      project.put("pins.json", JSON.stringify({ schemaVersion: 1, charts }));
      return source("charts/release-{version}", "pins.json");
    };

    it("the pinned chart is found; one of another checksum or version refuses", async () => {
      const digest = sha256(await packed(hubbleChart("4.7.20")));
      assert.equal((await (await pin("4.7.20", digest)).find("4.7.20", hubble)).sha256, digest);
      await assert.rejects((await pin("4.7.20", "0".repeat(64))).find("4.7.20", hubble), {
        code: "CHART_CHECKSUM",
        message: `Palette 4.7.20: ${path} has sha256 ${digest}, but ${"0".repeat(64)} is pinned for hubble.`,
      });
      await assert.rejects((await pin("4.7.16", digest)).find("4.7.20", hubble), { code: "CHART_WRONG" });
    });

    it("a chart that the file does not pin is refused", async () => {
      const charts = await pin("4.7.20", "0".repeat(64));
      await assert.rejects(charts.find("4.7.20", certManager), {
        code: "CHART_NOT_PINNED",
        message: "Palette 4.7.20: pins.json pins no chart for cert-manager.",
      });
    });

    for (const [title, text] of [
      ["no JSON", "{"],
      ["an unknown role", '{"schemaVersion":1,"charts":{"4.7.20":{"hubbel":{"version":"1","sha256":"0"}}}}'],
      ["no version", '{"schemaVersion":1,"charts":{"4.7":{}}}'],
      ["another schema version", '{"schemaVersion":2,"charts":{}}'],
    ]) {
      it(`a file of pins with ${title} is refused`, () => {
        project.put("pins.json", text!);
        assert.throws(() => source("charts/release-{version}", "pins.json"), { code: "CHART_PINS" });
      });
    }
  });
});
