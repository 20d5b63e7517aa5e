import assert from "node:assert/strict";
import { judgeReplacedValues, type ReplacedValues } from "../../../lib/gates/values/replaced.js";

const base: ReplacedValues = {
  role: "cert-manager",
  name: "cert-manager",
  stored: {},
  oldDefaults: { replicas: 1, hostNetwork: false },
  oldArchive: { image: { controllerImage: "r/p/controller:1" }, featureGates: "old", replicas: 2 },
  archive: { image: { controllerImage: "r/p/controller:2", tag: "v2" }, hostNetwork: true, logLevel: 2 },
  file: "extras/cert-manager/values.yaml",
  from: "4.6.41",
  overridden: [],
};
const mine = { image: { controllerImage: "mine.example/controller:1" } };

/** Legend: what is dropped, then what is set otherwise. */
type Row = [title: string, change: Partial<ReplacedValues>, dropped: string | null, replaced: string | null];

describe("stored values that the vendor's take the place of", () => {
  const table: Row[] = [
    ["keys that the archive does not have", { stored: { extraArgs: ["--x"], crds: { enabled: true } } }, "crds.enabled, extraArgs", null],
    ["negative twin: none stored", {}, null, null],
    ["negative twin: an empty map says nothing", { stored: { nodeSelector: {} } }, null, null],
    ["negative twin: the installed version's archive has it so", { stored: { featureGates: "old" } }, null, null],
    ["another value than that archive's", { stored: { featureGates: "mine" } }, "featureGates", null],
    ["negative twin: the installed chart's own default", { stored: { hostNetwork: false } }, null, null],
    ["the chart's default, which that archive sets otherwise", { stored: { replicas: 1 } }, "replicas", null],
    ["negative twin: the vendor's image in another version", { stored: { image: { controllerImage: "r/p/controller:1-patched" } } }, null, null],
    ["negative twin: a tag of it", { stored: { image: { tag: "v1" } } }, null, null],
    ["an image of the site's own registry", { stored: mine }, null, "image.controllerImage"],
    ["a key that the archive sets otherwise", { stored: { logLevel: 5 } }, null, "logLevel"],
    ["negative twin: the archive sets the same", { stored: { logLevel: 2 } }, null, null],
    ["both", { stored: { logLevel: 5, extraArgs: ["--x"] } }, "extraArgs", "logLevel"],
    ["negative twin: palette:values sets them", { stored: { logLevel: 5, crds: { enabled: true } }, overridden: ["logLevel", "crds"] }, null, null],
    ["palette:values sets another key of like name", { stored: { logLevels: 5 }, overridden: ["logLevel"] }, "logLevels", null],
  ]; // prettier-ignore
  for (const [title, change, dropped, replaced] of table) {
    it(`${title}: ${dropped ?? "nothing"} dropped, ${replaced ?? "nothing"} replaced`, () => {
      const say = (what: string, keys: string): string =>
        `Release "cert-manager": the hop takes the vendor's values for it (extras/cert-manager/values.yaml), which ${what} what is stored now as ${keys}. ` +
        "Put what is to stay into palette:values.cert-manager, or accept this reason by name for the hop.";
      const expected = [
        ...(dropped === null ? [] : [["fail", "VALUES_DROPPED", "cert-manager", say("do not have", dropped)]]),
        ...(replaced === null ? [] : [["fail", "VALUES_REPLACED", "cert-manager", say("set otherwise", replaced)]]),
      ];
      const findings = judgeReplacedValues({ ...base, ...change });
      assert.deepEqual(
        findings.map(({ outcome, code, member, message }) => [outcome, code, member, message]),
        expected,
      );
    });
  }

  it("says where the vendor's values of the installed version are not at hand", () => {
    const stored = { featureGates: "old" };
    assert.deepEqual(judgeReplacedValues({ ...base, stored }), []);
    assert.deepEqual(
      judgeReplacedValues({ ...base, stored, oldArchive: null }).map(({ message }) => message),
      [
        `Release "cert-manager": the hop takes the vendor's values for it (extras/cert-manager/values.yaml), which do not have what is stored now as featureGates. ` +
          "(The vendor's values of 4.6.41 are not at hand: some of these may be the vendor's.) " +
          "Put what is to stay into palette:values.cert-manager, or accept this reason by name for the hop.",
      ],
    );
  });
});
