import assert from "node:assert/strict";
import { valuesGate } from "../../../lib/gates/values/gate.js";
import type { ChartContents } from "../../../lib/site/charts/chart-contents.js";
import type { Site } from "../../../lib/site/types.js";
import { arrived, fakeSite, inputFor, neverAborted, revision } from "../fake-site.js";

type Values = Record<string, unknown>;

/** What is stored of cert-manager, and what its archives bring; the hop is 4.6.41 -> 4.7.20. */
interface Scene {
  stored: Values;
  /** Values files of the installed and of the next version; null: that archive is not there. */
  oldArchive?: Values | null;
  archive?: Values;
  description?: string;
  template?: string;
  /** hubble's stored values. */
  hubble?: Values;
}

async function sample(scene: Scene): Promise<string[]> {
  const { description = "Install complete" } = scene;
  const beside = revision({
    revision: 1,
    name: "cert-manager",
    chart: "cert-manager",
    chartVersion: "1.11.0",
    description,
  });
  const fake = fakeSite({ revisions: [...arrived("4.5.23", "4.6.41"), beside] });
  const contents: ChartContents = {
    name: "c",
    version: "1.14.4",
    appVersion: "1",
    defaults: {},
    schema: null,
    templates: [],
  };
  const templates = [{ path: "templates/a.yaml", below: "", text: scene.template ?? "" }];
  const site: Site = {
    ...fake,
    kubernetes: {
      ...fake.kubernetes,
      helmValues: (_, name) => Promise.resolve(name === "hubble" ? (scene.hubble ?? {}) : scene.stored),
      helmChart: () => Promise.resolve({ defaults: {}, schema: null, templates: [] }),
    },
    charts: () => ({
      find: (version, { role }) => {
        const archive = version === "4.7.20" ? (scene.archive ?? {}) : scene.oldArchive;
        if (archive === null) return Promise.reject(new Error("not there"));
        const archiveValues = role === "cert-manager" ? (archive ?? {}) : {};
        return Promise.resolve({ path: role, version: "1", sha256: "", archiveValues });
      },
      getDefaults: () => Promise.resolve({}),
      getContents: ({ path }) => Promise.resolve(path === "cert-manager" ? { ...contents, templates } : contents),
    }),
  };
  const { reasons } = await valuesGate.sample(inputFor({ site }), neverAborted);
  return reasons.map(({ code, message }) => (code === "NOTE" ? message : code));
}

const image = (tag: string, registry = "r.example/palette"): Values => ({
  image: { controllerImage: `${registry}/controller:${tag}` },
});
const kept =
  'Release "cert-manager": the archive of 4.7.20 has no extras/cert-manager/values.yaml, so the stored values are kept, as Helm keeps them where it gets none.';
const nothingToCompare =
  'Release "cert-manager": neither the installed chart nor the next one brings defaults; there was nothing to compare the stored values with.';
const air = { config: { ociImageRegistry: { endpoint: "air.example", baseContentPath: "base" } } };

describe("gate values: releases whose values the vendor's archive brings", () => {
  const table: [title: string, scene: Scene, expected: string[]][] = [
    ["no file, an old image is kept under a new chart", { stored: image("v1.11.0") }, ["STALE_IMAGE_PIN", kept, nothingToCompare]],
    ["negative twin: no file, no image stored", { stored: { replicas: 2 } }, [kept, nothingToCompare]],
    ["negative twin: no file, nothing stored: the chart's defaults", { stored: {} }, []],
    ["… also where this tool made the revision", { stored: image("v1.11.0"), description: "Palette 4.6.41" }, ["STALE_IMAGE_PIN", kept, nothingToCompare]],
    ["negative twin: the file brings the image", { stored: image("v1.11.0"), archive: image("v1.14.4") }, []],
    ["the file drops what the site set", { stored: { ...image("v1.11.0"), extraArgs: ["--x"] }, archive: image("v1.14.4") }, ["VALUES_DROPPED"]],
    ["… also where this tool made the revision", { stored: { extraArgs: ["--x"] }, archive: image("v1.14.4"), description: "Palette 4.6.41" }, ["VALUES_DROPPED"]],
    ["negative twin: the installed version's file set it", { stored: { extraArgs: ["--x"] }, oldArchive: { extraArgs: ["--x"] }, archive: image("v1.14.4") }, []],
    ["… whose archive is gone", { stored: { extraArgs: ["--x"] }, oldArchive: null, archive: image("v1.14.4") }, ["VALUES_DROPPED"]],
    ["the file sets otherwise what the site set", { stored: { replicas: 3 }, archive: { replicas: 1 } }, ["VALUES_REPLACED"]],
    ["an image in the site's registry, as hubble's values name it", { stored: image("v1.11.0", "air.example/base/r.example/palette"), archive: image("v1.14.4"), hubble: air }, []],
    ["negative twin: in one that they do not name, of another repository", { stored: image("v1.11.0", "other.example/x"), archive: image("v1.14.4"), hubble: air }, ["VALUES_REPLACED"]],
    ["a key that the next chart requires and the file does not set", { stored: {}, archive: image("v1.14.4"), template: '{{ required "k" .Values.key }}' }, ["REQUIRED_KEY"]],
  ]; // prettier-ignore
  for (const [title, scene, expected] of table) {
    it(title, async () => {
      const about = (await sample(scene)).filter((text) => !text.startsWith('Release "hubble"'));
      assert.deepEqual(about, expected);
    });
  }
});
