import assert from "node:assert/strict";
import { valuesGate } from "../../../lib/gates/values/gate.js";
import { judgeReplacedValues, type ReplacedValues } from "../../../lib/gates/values/replaced.js";
import type { Site } from "../../../lib/site/types.js";
import { arrived, fakeSite, inputFor, neverAborted, revision } from "../fake-site.js";

const base: ReplacedValues = {
  role: "cert-manager",
  name: "cert-manager",
  stored: {},
  oldDefaults: { replicas: 1 },
  archive: { image: { controllerImage: "r/controller:2" } },
  overridden: [],
};

describe("values that the hop takes from the vendor's archive", () => {
  const table: [title: string, change: Partial<ReplacedValues>, dropped: string | null][] = [
    ["keys that the archive does not have", { stored: { extraArgs: ["--x"], crds: { enabled: true } } }, "crds.enabled, extraArgs"],
    ["negative twin: none stored", {}, null],
    ["negative twin: the archive has the key", { stored: { image: { controllerImage: "own/r/controller:1" } } }, null],
    ["negative twin: the installed chart's own default", { stored: { replicas: 1 } }, null],
    ["another value than that default", { stored: { replicas: 3 } }, "replicas"],
    ["negative twin: palette:values sets it", { stored: { replicas: 3, crds: { enabled: true } }, overridden: ["replicas", "crds"] }, null],
    ["palette:values sets another key of like name", { stored: { replicasMax: 3 }, overridden: ["replicas"] }, "replicasMax"],
  ]; // prettier-ignore
  for (const [title, change, dropped] of table) {
    it(`${title}: ${dropped ?? "nothing"}`, () => {
      const message = `Release "cert-manager" was not made by this tool, and the hop takes the vendor's values for it, which do not have ${dropped}. Put what is to stay into palette:values.cert-manager, or accept this reason by name for the hop.`;
      const findings = judgeReplacedValues({ ...base, ...change });
      assert.deepEqual(
        findings.map((finding) => [finding.outcome, finding.code, finding.member, finding.message]),
        dropped === null ? [] : [["fail", "VALUES_DROPPED", "cert-manager", message]],
      );
    });
  }

  it("the gate judges a release before its first hop, not one that this tool made", async () => {
    const sample = async (description: string): Promise<string[]> => {
      const beside = revision({
        revision: 1,
        name: "cert-manager",
        chart: "cert-manager",
        chartVersion: "1.14.4",
        description,
      });
      const fake = fakeSite({ revisions: [...arrived("4.5.23", "4.6.41"), beside] });
      const helmValues = (_: string, name: string): Promise<Record<string, unknown>> =>
        Promise.resolve(name === "hubble" ? {} : { extraArgs: ["--x"] });
      const contents = { name: "c", version: "1", appVersion: "1", defaults: {}, schema: null, templates: [] };
      const site: Site = {
        ...fake,
        kubernetes: { ...fake.kubernetes, helmValues },
        charts: () => ({
          find: () => Promise.resolve({ path: "c.tgz", version: "1", sha256: "", archiveValues: {} }),
          getDefaults: () => Promise.resolve({}),
          getContents: () => Promise.resolve(contents),
        }),
      };
      const { outcome, reasons } = await valuesGate.sample(inputFor({ site }), neverAborted);
      return [outcome, ...reasons.map(({ code }) => code).filter((code) => code !== "NOTE")];
    };
    assert.deepEqual(await sample("Install complete"), ["fail", "VALUES_DROPPED"]);
    assert.deepEqual(await sample("Palette 4.6.41"), ["pass"]);
  });
});
