import assert from "node:assert/strict";
import { type DeclaredRelease } from "../../../../lib/program/step/releases/declared-release.js";
import { listDeclaredReleases } from "../../../../lib/program/step/releases/declared-releases.js";
import { describeValues } from "../../../../lib/program/preview/render/describe-values.js";
import { type Settings } from "../../../../lib/settings/schema.js";
import { type Observation } from "../../../../lib/site/types.js";
import { revision } from "../../../gates/fake-site.js";

type Values = Record<string, unknown>;

const vendors = { image: { controllerImage: "r.example/controller:2" } };
const stored: Record<string, Values> = {
  "cert-manager": { extraArgs: ["--x"], image: { controllerImage: "r.example/controller:1" } },
  hubble: { config: { env: { rootDomain: "palette.example" } } },
};

function observe(names: string[]): Observation {
  const releases = names.map((name) => {
    const newest = revision({ name, chart: name, revision: 3, chartVersion: "1" });
    return { role: name as "hubble", name, namespace: "default", deployed: newest, newest };
  });
  return { clusterUid: "u", edition: "palette", observedVersion: "4.6.41", releases };
}

/** Declares cert-manager and hubble of 4.7.20. */
async function declare(scene: {
  archive?: Values;
  values?: Settings["values"];
  observation?: Observation | null;
}): Promise<DeclaredRelease[]> {
  const { observation = observe(["cert-manager", "hubble"]) } = scene;
  return listDeclaredReleases({
    settings: { values: scene.values ?? {}, helm: { namespace: "default" } } as unknown as Settings,
    destination: "4.7.20",
    facts: { imageSwap: false, reachSystem: false },
    installed: (observation?.releases ?? []).map(({ role, name, namespace }) => ({ role, name, namespace })),
    observation,
    helmValues: (_, name) => Promise.resolve(stored[name]!),
    charts: {
      find: (_, { role }) =>
        Promise.resolve({
          path: role,
          version: "1",
          sha256: "",
          archiveValues: role === "cert-manager" ? (scene.archive ?? {}) : {},
        }),
      getDefaults: () => Promise.reject(new Error("not asked")),
      getContents: () => Promise.reject(new Error("not asked")),
    },
  });
}

describe("values of the releases that an update declares", () => {
  const hubble = "stored ones of default/hubble, revision 3: 1 key (config.env.rootDomain)";
  const defaults = "the chart's defaults";
  const table: [title: string, scene: Parameters<typeof declare>[0], certManager: Values | null, shown: string[]][] = [
    [
      "the archive's file in place of what is stored",
      { archive: vendors },
      vendors,
      ["the archive's extras/cert-manager/values.yaml: 1 key (image.controllerImage)", hubble],
    ],
    [
      "no file: what is stored stays, as Helm would keep it",
      {},
      stored["cert-manager"]!,
      ["stored ones of default/cert-manager, revision 3: 2 keys (extraArgs, image.controllerImage)", hubble],
    ],
    [
      "no file: palette:values over what is stored, where Helm alone would drop the rest",
      { values: { "cert-manager": { replicas: 3 } } },
      { ...stored["cert-manager"], replicas: 3 },
      [
        "stored ones of default/cert-manager, revision 3: 2 keys (extraArgs, image.controllerImage); palette:values.cert-manager sets 1 key (replicas)",
        hubble,
      ],
    ],
    [
      "palette:values over the archive's file",
      { archive: vendors, values: { "cert-manager": { replicas: 3 } } },
      { ...vendors, replicas: 3 },
      [
        "the archive's extras/cert-manager/values.yaml: 1 key (image.controllerImage); palette:values.cert-manager sets 1 key (replicas)",
        hubble,
      ],
    ],
    ["an install without values of the archive", { observation: observe([]) }, {}, [defaults, defaults]],
    [
      "without the cluster, what needs the stored values is not known",
      { observation: null },
      null,
      ["not known without the cluster; the stored ones stay", "not known without the cluster; the stored ones stay"],
    ],
    [
      "without the cluster, the archive's file is",
      { observation: null, archive: vendors },
      vendors,
      [
        "the archive's extras/cert-manager/values.yaml: 1 key (image.controllerImage)",
        "not known without the cluster; the stored ones stay",
      ],
    ],
  ];
  for (const [title, scene, certManager, shown] of table) {
    it(title, async () => {
      const declared = await declare(scene);
      assert.deepEqual(declared[0]!.values, certManager);
      assert.deepEqual(
        declared.map(({ role, valuesFrom }) => describeValues(role, valuesFrom)),
        shown,
      );
    });
  }

  it("shows eight keys and counts the rest", () => {
    const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
    const origin = { source: "stored" as const, place: "default/hubble, revision 3", keys, overrides: [] };
    assert.equal(
      describeValues("hubble", origin),
      "stored ones of default/hubble, revision 3: 10 keys (k0, k1, k2, k3, k4, k5, k6, k7 and 2 more)",
    );
  });
});
