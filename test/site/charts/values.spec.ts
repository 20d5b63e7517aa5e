import assert from "node:assert/strict";
import { readChartContents } from "../../../lib/site/charts/chart-contents.js";
import { createUnpackBudget, unpackChart } from "../../../lib/site/charts/chart-files.js";
import { getImageRegistryBase, addImagePrefix } from "../../../lib/site/charts/image-prefix.js";
import { packed } from "./fixtures.js";
import { listKeyPaths, mergeValues } from "../../../lib/base/text/value-paths.js";

describe("values", () => {
  it("maps are merged key by key, lists and scalars replaced, nothing is changed in place", () => {
    const base = { a: { b: 1, c: [1, 2] }, d: "x" };
    assert.deepEqual(mergeValues(base, { a: { c: [3] }, e: null }), { a: { b: 1, c: [3] }, d: "x", e: null });
    assert.deepEqual(base, { a: { b: 1, c: [1, 2] }, d: "x" });
  });
});

describe("keys of values", () => {
  for (const [title, values, expected] of [
    ["none", {}, []],
    ["sorted, however they are written", { b: 1, a: { d: 2, c: 3 } }, ["a.c", "a.d", "b"]],
    ["a list and an empty map are leaves, and so is nothing", { l: [{ x: 1 }], m: {}, n: null }, ["l", "m", "n"]],
  ] as const) {
    it(title, () => assert.deepEqual(listKeyPaths(values), expected));
  }
});

describe("what a chart holds", () => {
  const read = async (files: Record<string, string>): Promise<Awaited<ReturnType<typeof readChartContents>>> =>
    readChartContents(
      await unpackChart(await packed({ name: "parent", version: "1.0.0", files }), createUnpackBudget()),
    );

  it("defaults, those of sub-charts below their names, the parent's laid over them", async () => {
    const { defaults, templates } = await read({
      "values.yaml": "mongo: {replicas: 3}\nui: {size: 2}\n",
      "charts/ui/Chart.yaml": "name: ui\nversion: 1.0.0\n",
      "charts/ui/values.yaml": "size: 1\ncolour: blue\n",
      "charts/ui/templates/a.yaml": "kind: A\n",
      "templates/b.yaml": "kind: B\n",
    });
    assert.deepEqual(defaults, { mongo: { replicas: 3 }, ui: { size: 2, colour: "blue" } });
    assert.deepEqual(
      templates.map(({ path, below }) => [path, below]),
      [
        ["templates/b.yaml", ""],
        ["templates/a.yaml", "ui"],
      ],
    );
  });

  it("a sub-chart lies below its alias", async () => {
    const { defaults } = await read({
      "Chart.yaml": "name: parent\nversion: 1.0.0\ndependencies: [{name: ui, alias: console}]\n",
      "charts/ui/Chart.yaml": "name: ui\nversion: 1.0.0\n",
      "charts/ui/values.yaml": "size: 1\n",
    });
    assert.deepEqual(defaults, { console: { size: 1 } });
  });

  it("an appVersion of 4.10 stays what it is", async () => {
    const { appVersion } = await read({ "Chart.yaml": "name: parent\nversion: 1.0.0\nappVersion: 4.10\n" });
    assert.equal(appVersion, "4.10");
  });

  it("no values, no schema: empty and null", async () => {
    const { defaults, schema } = await read({});
    assert.deepEqual([defaults, schema], [{}, null]);
  });
});

describe("the image prefix of an air-gapped site", () => {
  const archive = { image: { controllerImage: "gcr.io/spectro/cm-controller:v2", pullPolicy: "Always" }, other: 1 };
  const cases: [string, Record<string, unknown>, string | null, string][] = [
    [
      "what stands before the archive's own repository",
      { image: { controllerImage: "harbor.local/base/gcr.io/spectro/cm-controller:v1" } },
      null,
      "harbor.local/base/gcr.io/spectro/cm-controller:v2",
    ],
    [
      "the registry's documented path, though the vendor's repository moved",
      { image: { controllerImage: "harbor.local/base/old.example/cm-controller:v1" } },
      "harbor.local/base/",
      "harbor.local/base/gcr.io/spectro/cm-controller:v2",
    ],
    [
      "none where the site has none",
      { image: { controllerImage: "gcr.io/spectro/cm-controller:v1" } },
      null,
      "gcr.io/spectro/cm-controller:v2",
    ],
    ["none where nothing is stored", {}, "harbor.local/base/", "gcr.io/spectro/cm-controller:v2"],
    [
      "none where it cannot be determined",
      { image: { controllerImage: "elsewhere/cm:v1" } },
      "harbor.local/base/",
      "gcr.io/spectro/cm-controller:v2",
    ],
  ];
  for (const [title, stored, base, expected] of cases) {
    it(title, () =>
      assert.deepEqual(addImagePrefix(archive, stored, base), {
        image: { controllerImage: expected, pullPolicy: "Always" },
        other: 1,
      }),
    );
  }

  for (const [title, registry, expected] of [
    ["endpoint and path", { endpoint: "https://harbor.local/", baseContentPath: "/base/" }, "harbor.local/base/"],
    ["no path", { endpoint: "harbor.local" }, "harbor.local/"],
    ["none", { endpoint: "" }, null],
  ] as const) {
    it(`the registry's path: ${title}`, () =>
      assert.equal(getImageRegistryBase({ config: { ociImageRegistry: registry } }), expected));
  }
});
