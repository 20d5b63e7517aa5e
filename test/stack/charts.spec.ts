import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releasesOf } from "../../lib/plan/rules.js";
import { findChart } from "../../lib/stack/charts.js";
import { mergeValues } from "../../lib/stack/merge-values.js";

const rows = releasesOf("4.7.20", { imageSwap: false, reachSystem: false });
const certManager = rows.find(({ role }) => role === "cert-manager")!;
const hubble = rows.find(({ role }) => role === "hubble")!;

describe("charts", () => {
  let projectDir: string;
  const template = "charts/release-{version}";
  const put = (path: string, text = ""): void => {
    mkdirSync(join(projectDir, path, ".."), { recursive: true });
    writeFileSync(join(projectDir, path), text);
  };
  beforeEach(() => (projectDir = mkdtempSync(join(tmpdir(), "charts-"))));
  afterEach(() => rmSync(projectDir, { recursive: true }));

  it("finds a packed chart and reads its version from the name", () => {
    put("charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz");
    assert.deepEqual(findChart({ projectDir, template }, "4.7.20", hubble), {
      path: "charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz",
      version: "4.7.20",
      archiveValues: {},
    });
  });

  it("finds an unpacked chart and takes the archive's values for cert-manager", () => {
    put("charts/release-4.7.20/extras/cert-manager/cert-manager-1.14.5/Chart.yaml", "version: 1.14.5\n");
    put("charts/release-4.7.20/extras/cert-manager/values.yaml", "image: {tag: v1}\n");
    const found = findChart({ projectDir, template }, "4.7.20", certManager);
    assert.equal(found.version, "1.14.5");
    assert.deepEqual(found.archiveValues, { image: { tag: "v1" } });
  });

  it("a missing chart is named, with what to do", () => {
    assert.throws(() => findChart({ projectDir, template }, "4.7.20", hubble), {
      code: "CHART_MISSING",
      message: "Palette 4.7.20 needs charts/release-4.7.20/palette/spectro-mgmt-plane-*.tgz, which is not there.",
    });
  });

  it("two charts where one belongs are both named", () => {
    put("charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.20.tgz");
    put("charts/release-4.7.20/palette/spectro-mgmt-plane-4.7.16.tgz");
    assert.throws(() => findChart({ projectDir, template }, "4.7.20", hubble), {
      code: "CHART_AMBIGUOUS",
      message: /4\.7\.16\.tgz and .*4\.7\.20\.tgz/,
    });
  });

  it("another chart whose name begins alike is not taken", () => {
    put("charts/release-4.7.20/palette/spectro-mgmt-plane-extra-1.0.0.tgz");
    assert.throws(() => findChart({ projectDir, template }, "4.7.20", hubble), { code: "CHART_MISSING" });
  });
});

describe("values", () => {
  it("maps are merged key by key, lists and scalars replaced, nothing is changed in place", () => {
    const base = { a: { b: 1, c: [1, 2] }, d: "x" };
    assert.deepEqual(mergeValues(base, { a: { c: [3] }, e: null }), { a: { b: 1, c: [3] }, d: "x", e: null });
    assert.deepEqual(base, { a: { b: 1, c: [1, 2] }, d: "x" });
  });
});
