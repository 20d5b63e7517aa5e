import assert from "node:assert/strict";
import { type ExpandContext, listActs } from "../../../lib/planning/plan/expand.js";
import { loadRules } from "../../../lib/planning/rules/rules.js";

type Hop = [from: string, to: string, context?: Partial<ExpandContext>];

const vmware = { method: "vmware" } as const;
const appliance = { method: "appliance" } as const;
const vertexVmware = { edition: "vertex", method: "vmware" } as const;
const vertexAppliance = { edition: "vertex", method: "appliance" } as const;
const airgap = { facts: { airgap: true } };
const airgapVmware = { ...vmware, ...airgap };

describe("acts of a hop", () => {
  const texts = ([from, to, context]: Hop): string[] =>
    listActs(from, to, {
      edition: "palette",
      method: "kubernetes",
      facts: { airgap: false, pcgs: true },
      ...context,
    }).map(({ text }) => text);
  const rows = loadRules("acts");
  /** How an act's text begins, up to the first placeholder. */
  const beginning = (id: string): string => rows.find((row) => row.id === id)!.text.split("{")[0]!;

  /** One hop that has the act and a neighbour, or another kind of installation, that has not. */
  const cases: [id: string, hop: Hop, neighbour: Hop][] = [
    ["act-breaking-changes", ["4.6.41", "4.7.20"], ["4.7.15", "4.7.20"]],
    ["act-backup", ["4.6.41", "4.7.20"], ["4.6.41", "4.7.20", vmware]],
    ["act-backup-appliance", ["4.8.22", "4.9.14", appliance], ["4.8.22", "4.9.14", vmware]],
    ["act-backup-vmware", ["4.8.22", "4.9.14", vmware], ["4.8.22", "4.9.14", appliance]],
    ["act-kubernetes-upgrade", ["4.6.41", "4.7.20"], ["4.6.41", "4.7.20", vmware]],
    ["act-resume-old-agents", ["4.5.23", "4.6.41"], ["4.6.12", "4.6.41"]],
    ["act-allow-image-registry", ["4.4.20", "4.5.23"], ["4.4.20", "4.5.23", airgap]],
    ["act-activate", ["4.6.28", "4.6.32"], ["4.6.32", "4.6.41"]],
    ["act-airgap-upload", ["4.6.41", "4.7.20", airgap], ["4.8.22", "4.9.14", { ...appliance, ...airgap }]],
    ["act-airgap-upload-vmware", ["4.6.41", "4.7.20", airgapVmware], ["4.6.41", "4.7.20", vmware]],
    ["act-ova-for-airgap", ["4.6.41", "4.7.20", airgapVmware], ["4.6.41", "4.7.20", vmware]],
    ["act-layer-configurations", ["4.6.41", "4.7.20", vmware], ["4.6.41", "4.7.20"]],
    ["act-carry-over-customisations", ["4.6.41", "4.7.20", vmware], ["4.8.22", "4.9.14", appliance]],
    ["act-content-bundle", ["4.8.22", "4.9.14", appliance], ["4.8.22", "4.9.14", vmware]],
    ["act-review-values", ["4.8.22", "4.9.14", appliance], ["4.8.22", "4.9.14"]],
    ["act-appliance-storage", ["4.7.27", "4.8.22", appliance], ["4.7.29", "4.8.22", appliance]],
    ["act-zot-claim", ["4.7.15", "4.7.27", appliance], ["4.7.16", "4.7.27", appliance]],
    ["act-pause-tags", ["4.7.3", "4.7.15", vertexAppliance], ["4.7.3", "4.7.15", appliance]],
    ["act-csi-helper", ["4.4.11", "4.4.20", vmware], ["4.4.14", "4.4.20", vmware]],
    ["act-mongo-host", ["4.3.6", "4.4.20", vertexVmware], ["4.3.6", "4.4.20", vmware]],
    ["act-stuck-backups", ["4.3.6", "4.4.20", vertexVmware], ["4.4.20", "4.5.23", vertexVmware]],
    ["act-fcv-raise", ["4.7.27", "4.8.8"], ["4.8.8", "4.8.9"]],
    ["act-fcv-raise-4.8.33", ["4.8.21", "4.8.33"], ["4.8.33", "4.8.52"]],
    ["act-certificate-backup", ["4.8.35", "4.8.47", { facts: { ipBased: true } }], ["4.8.35", "4.8.47", vmware]],
    ["act-dns-plan", ["4.8.35", "4.8.47", vmware], ["4.8.47", "4.8.51", vmware]],
    ["act-dns-cutover", ["4.8.22", "4.9.14", appliance], ["4.9.14", "4.9.24", appliance]],
    ["act-ingress-values", ["4.8.52", "4.9.14"], ["4.8.52", "4.9.5"]],
    [
      "act-gke-iam",
      ["4.8.52", "4.9.14", { facts: { cloud: "gke" } }],
      ["4.8.52", "4.9.14", { facts: { cloud: "eks" } }],
    ],
    ["act-irsa-trust", ["4.8.52", "4.9.14"], ["4.8.52", "4.9.5"]],
    ["act-reach-system-ownership", ["4.9.14", "4.9.38"], ["4.9.14", "4.9.24"]],
    ["act-pcg-approve", ["4.7.15", "4.7.20"], ["4.7.15", "4.7.20", { facts: { pcgs: false } }]],
    ["act-pcg-cluster-administrator", ["4.6.41", "4.7.20"], ["4.7.15", "4.7.20"]],
    ["act-workload-agents", ["4.6.41", "4.7.20"], ["4.7.15", "4.7.20"]],
    ["act-image-pull-secret", ["4.9.51", "4.10.25"], ["4.9.51", "4.10.25", airgap]],
    ["act-callback-urls", ["4.9.51", "4.10.25"], ["4.9.51", "4.10.13"]],
    ["act-zot-certificate", ["4.9.51", "4.10.25", appliance], ["4.9.51", "4.10.25"]],
  ];
  for (const [id, hop, neighbour] of cases) {
    const name = ([from, to, context]: Hop): string =>
      `${from} -> ${to}${context === undefined ? "" : ` ${JSON.stringify(context)}`}`;
    it(`${id}: on ${name(hop)}, not on ${name(neighbour)}`, () => {
      const has = (texts: string[]): boolean =>
        texts.some((text) => text.replace(/^If .*?: /, "").startsWith(beginning(id)));
      assert.ok(has(texts(hop)));
      assert.ok(!has(texts(neighbour)));
    });
  }

  it("the table leaves no act out", () =>
    assert.deepEqual(rows.map(({ id }) => id).sort(), cases.map(([id]) => id).sort()));
});
