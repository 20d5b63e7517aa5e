import assert from "node:assert/strict";
import type { ChartSource } from "../../../lib/site/charts/types.js";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { helmReleaseGate } from "../../../lib/gates/helm-release/gate.js";
import type { Reason, Verdict } from "../../../lib/gates/verdict/types.js";
import type { HelmRevision, RecordFault, Site } from "../../../lib/site/types.js";
import { arrived, fakeSite, inputFor, neverAborted, revision } from "../fake-site.js";

/** Legend: Palette 4.6.41 is installed; the hop to 4.7.20 brings these charts beside Palette's own. */
const brought: Record<string, string> = { "cert-manager": "1.14.5", "image-swap": "v1.5.2-spectro-4.7.1" };

const charts: ChartSource = {
  find: (_, { chart }) => {
    const version = brought[chart];
    return version === undefined
      ? Promise.reject(new InvalidInputError("CHART_MISSING", `no ${chart}`))
      : Promise.resolve({ path: "c.tgz", version, sha256: "", archiveValues: {} });
  },
  getDefaults: () => Promise.reject(new Error("not asked for")),
  getContents: () => Promise.reject(new Error("not asked for")),
};

interface Case {
  release: Partial<HelmRevision> & { chart: string; chartVersion: string };
  stored?: Record<string, unknown> | Error;
  when?: "before" | "after";
}

function judge({ release, stored = {}, when = "before" }: Case): Promise<Verdict> {
  const beside = revision({ revision: 1, name: release.chart, namespace: release.chart, ...release });
  const fake = fakeSite({ revisions: [...arrived("4.5.23", "4.6.41"), beside] });
  const helmValues = (): Promise<Record<string, unknown>> =>
    stored instanceof Error ? Promise.reject(stored) : Promise.resolve(stored);
  const site: Site = { ...fake, kubernetes: { ...fake.kubernetes, helmValues }, charts: () => charts };
  return helmReleaseGate.sample(inputFor({ site, when }), neverAborted);
}

describe("gate helm-release: a release beside Palette that the hop would replace", () => {
  const keys = { crds: { enabled: true }, extraArgs: ["--x"] };
  const table: [title: string, asked: Case, outcome: string, codes: string[]][] = [
    ["a cluster's own newer cert-manager", { release: { chart: "cert-manager", chartVersion: "v1.16.3" }, stored: keys }, "fail", ["RELEASE_NEWER"]],
    ["newer, in the vendor's form", { release: { chart: "cert-manager", chartVersion: "1.20.2" } }, "fail", ["RELEASE_NEWER"]],
    ["newer by a two-digit minor", { release: { chart: "cert-manager", chartVersion: "1.100.0" } }, "fail", ["RELEASE_NEWER"]],
    ["newer image-swap", { release: { chart: "image-swap", chartVersion: "v1.6.0-spectro-4.8.1" } }, "fail", ["RELEASE_NEWER"]],
    ["older, but not in the vendor's form", { release: { chart: "cert-manager", chartVersion: "v1.9.1" } }, "fail", ["RELEASE_FOREIGN"]],
    ["the very version, not in the vendor's form", { release: { chart: "cert-manager", chartVersion: "v1.14.5" } }, "fail", ["RELEASE_FOREIGN"]],
    ["negative twin: the vendor's older one", { release: { chart: "cert-manager", chartVersion: "1.14.4" }, stored: keys }, "pass", []],
    ["negative twin: the very version", { release: { chart: "cert-manager", chartVersion: "1.14.5" } }, "pass", []],
    ["negative twin: a form with v, as the hop's chart has it", { release: { chart: "image-swap", chartVersion: "v1.5.2-spectro-4.1.1" } }, "pass", []],
    ["negative twin: after the hop", { release: { chart: "cert-manager", chartVersion: "1.20.2" }, when: "after" }, "pass", []],
  ]; // prettier-ignore
  for (const [title, asked, outcome, codes] of table) {
    it(`${title}: ${[outcome, ...codes].join(" ")}`, async () => {
      const verdict = await judge(asked);
      assert.deepEqual([verdict.outcome, verdict.reasons.map(({ code }) => code)], [outcome, codes]);
    });
  }

  const message = async (asked: Case): Promise<string | undefined> => (await judge(asked)).reasons[0]?.message;
  const release = { chart: "cert-manager", chartVersion: "v1.16.3" };
  const start =
    'Helm release "cert-manager" in namespace "cert-manager": revision 1 for v1.16.3 is newer than the 1.14.5 that the hop brings: it would be downgraded.';
  const end =
    "The vendor requires a cluster without a cert-manager of its own; Palette brings it (prerequisites of the self-hosted installation). " +
    "Settle with the vendor's support whose release it is before anything moves.";

  it("names the keys of its values, never a value, and what the vendor says", async () => {
    assert.equal(
      await message({ release, stored: keys }),
      `${start} The hop would drop its values (crds.enabled, extraArgs) for the vendor's own. ${end}`,
    );
    assert.equal(await message({ release }), `${start} ${end}`);
    assert.equal(
      await message({ release, stored: new Error("no route") }),
      `${start} The hop would drop its values, which could not be read, for the vendor's own. ${end}`,
    );
  });

  it("two releases of one chart are named with their versions", async () => {
    const other = revision({ revision: 1, name: "cert-manager", chart: "cert-manager", chartVersion: "1.14.4" });
    const own = { ...other, namespace: "cert-manager", chartVersion: "v1.16.3" };
    const site = fakeSite({ revisions: [...arrived("4.5.23", "4.6.41"), other, own] });
    const { outcome, reasons } = await helmReleaseGate.sample(inputFor({ site }), neverAborted);
    assert.equal(outcome, "fail");
    assert.equal(
      reasons[0]?.message,
      "2 Helm releases use chart cert-manager: cert-manager/cert-manager (v1.16.3), default/cert-manager (1.14.4); which one is to be upgraded cannot be determined. " +
        "One of them is not Palette's: the vendor requires a cluster without another one. Settle with the vendor's support which is, before either is touched.",
    );
  });

  it("a record that cannot be Palette's is a remark", async () => {
    const fault: RecordFault = { secret: "monitoring/sh.helm.release.v1.grafana.v1", why: "It cannot be read.", kind: "unreadable" }; // prettier-ignore
    const foreign = revision({
      revision: 1,
      name: "grafana",
      namespace: "monitoring",
      chart: "",
      chartVersion: "",
      fault,
    });
    const site = fakeSite({ revisions: [...arrived("4.5.23", "4.6.41"), foreign] });
    const { outcome, reasons } = await helmReleaseGate.sample(inputFor({ site }), neverAborted);
    const remark: Reason = { code: "NOTE", member: null, message: "FOREIGN_RECORD: It cannot be read." };
    assert.deepEqual([outcome, reasons], ["pass", [remark]]);
  });
});
