import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encodeFileName, parseFileName } from "../../../lib/base/text/file-name.js";
import { createChartCache } from "../../../lib/site/charts/chart-cache.js";
import { parseChartVersion } from "../../../lib/site/charts/chart-version.js";
import { openChartSource } from "../../../lib/site/charts/open-chart-source.js";
import { parsePins } from "../../../lib/site/charts/pins.js";
import { FakeClock } from "../../gates/fake-site.js";
import { packed, rowOf, temporaryProject, type TemporaryProject } from "./fixtures.js";
import { registryStandIn } from "./registry-stand-in.js";

const hostile = ["1/../../x", "../x", "..", "1..2", "1\\x", "1\0", "1\n", "/etc/passwd", "", `1${"0".repeat(300)}`];

describe("a name from outside", () => {
  for (const text of [...hostile, ".", ".hidden", "-rf", "a b"]) {
    it(`${JSON.stringify(text).slice(0, 30)} is no file's name`, () => assert.equal(parseFileName(text), null));
  }
  for (const text of ["spectro-mgmt-plane-4.7.20.tgz", "cert-manager-v1.14.5+build.1.tgz", "release-4.7.20"]) {
    it(`${text} is one`, () => assert.equal(parseFileName(text), text));
  }

  for (const text of [...hostile, "latest", "v", "1 2"]) {
    it(`${JSON.stringify(text).slice(0, 30)} is no chart version`, () => assert.equal(parseChartVersion(text), null));
  }
  for (const text of ["1.14.5", "v1.0", "4.7.20+spectro", "1.0.0-rc.1"]) {
    it(`${text} is one`, () => assert.equal(parseChartVersion(text), text));
  }

  for (const [text, expected] of [
    ["org/app/prod", "org%2Fapp%2Fprod"],
    ["..", "%2E%2E"],
    [".", "%2E"],
    ["a..b", "a..b"],
  ] as const) {
    it(`${text} is encoded as ${expected}`, () => assert.equal(encodeFileName(text), expected));
  }

  for (const version of hostile) {
    it(`a pin of version ${JSON.stringify(version).slice(0, 30)} is refused`, () => {
      const charts = { "4.7.20": { hubble: { version, sha256: "0".repeat(64) } } };
      assert.throws(() => parsePins(JSON.stringify({ schemaVersion: 1, charts }), "pins.json"), { code: "CHART_PINS" });
    });
  }
});

describe("a chart in the cache", () => {
  const name = parseFileName("hubble-1.0.0.tgz")!;
  let project: TemporaryProject;
  beforeEach(() => (project = temporaryProject()));
  afterEach(() => project.remove());

  it("is this user's only; a link in its place is replaced, not followed", () => {
    const cache = createChartCache(project.dir);
    const { file } = cache.put("4.7.20", name, Buffer.from("chart"));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(dirname(file)), [name]);
    const victim = join(project.dir, "victim");
    writeFileSync(victim, "precious");
    rmSync(file);
    symlinkSync(victim, file);
    cache.put("4.7.20", name, Buffer.from("chart"));
    assert.deepEqual([readFileSync(victim, "utf8"), readFileSync(file, "utf8")], ["precious", "chart"]);
  });

  it("is not kept for a version that is a path", () => {
    assert.throws(() => createChartCache(project.dir).put("../../4.7.20", name, Buffer.from("x")), {
      message: '"../../4.7.20" is no version',
    });
  });
});

describe("a registry's tag that is a path", () => {
  let project: TemporaryProject;
  beforeEach(() => (project = temporaryProject()));
  afterEach(() => project.remove());

  for (const tag of ["1/../../x", "1/../../../../x", "1\\..\\x", "../1"]) {
    it(`${tag} is refused, and nothing is written anywhere`, async () => {
      const registry = await registryStandIn();
      try {
        registry.push("charts/cert-manager", tag, await packed({ name: "cert-manager", version: "1.14.5" }));
        const before = listAll(join(project.dir, ".."));
        const source = openChartSource({
          location: `oci://${registry.host}/charts`,
          pins: null,
          projectDir: project.dir,
          user: "",
          password: "",
          caFile: null,
          clock: new FakeClock(),
          environment: { HOME: "/nowhere" },
        });
        await assert.rejects(source.find("4.7.20", rowOf("cert-manager")), {
          code: "CHARTS_INVALID",
          message: `Palette 4.7.20: oci://${registry.host}/charts/cert-manager cannot be fetched: http://${registry.host}/v2/charts/cert-manager/tags/list lists ${JSON.stringify(tag)} as a tag, which is none.`,
        });
        assert.deepEqual(listAll(project.dir), []);
        assert.deepEqual(
          listAll(join(project.dir, "..")).filter((name) => name === "x.tgz" && !before.includes(name)),
          [],
        );
      } finally {
        await registry.close();
      }
    });
  }

  const listAll = (folder: string): string[] => readdirSync(folder);
});
