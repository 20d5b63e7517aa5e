import assert from "node:assert/strict";
import type { ChartSource } from "../../../lib/site/charts/types.js";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { helmReleaseGate } from "../../../lib/gates/helm-release/gate.js";
import type { Verdict } from "../../../lib/gates/verdict/types.js";
import type { HelmRevision, Site } from "../../../lib/site/types.js";
import { arrived, at, FakeClock, fakeSite, inputFor, neverAborted, revision } from "../fake-site.js";

const to = "4.7.20";
/** What Helm leaves in the place of our mark. */
const helmSaid = 'Upgrade "cert-manager" failed: failed to create resource';

function certManager(change: Partial<HelmRevision> = {}): HelmRevision {
  const own = { name: "cert-manager", chart: "cert-manager", chartVersion: "1.14.5", description: helmSaid };
  return revision({ revision: 4, status: "failed", ...own, ...change });
}

/** Charts of the destination; null: cert-manager's cannot be read. */
function chartsWith(version: string | null): ChartSource {
  const never = (): Promise<never> => Promise.reject(new Error("not asked for"));
  return {
    find: (asked, { chart }) =>
      chart === "cert-manager" && asked === to && version !== null
        ? Promise.resolve({ path: "c.tgz", version, sha256: "", archiveValues: {} })
        : Promise.reject(new InvalidInputError("CHART_MISSING", `no ${chart} for ${asked}`)),
    getDefaults: never,
    getContents: never,
  };
}

function judge(newest: HelmRevision, comesWith: string | null): Promise<Verdict> {
  const site: Site = {
    ...fakeSite({ revisions: [...arrived("4.5.23", "4.6.41"), newest] }),
    charts: () => chartsWith(comesWith),
  };
  return helmReleaseGate.sample(inputFor({ site, clock: new FakeClock(at(30)), to }), neverAborted);
}

const what = 'Helm release "cert-manager" in namespace "default": revision 4 for 1.14.5';
const unknown =
  "which hop it belongs to is not known. Bring the release to status deployed the way it was begun, then run this again.";

const cases: [title: string, newest: HelmRevision, comesWith: string | null, expected: [string, string, string?][]][] =
  [
    [
      "with the destination's chart: this hop's own, or as good as",
      certManager(),
      "1.14.5",
      [["pass", "NOTE", `HOP_BEGUN: ${what} has failed: the hop to 4.7.20 was begun, and this run takes it up again.`]],
    ],
    [
      "with another chart",
      certManager(),
      "1.16.1",
      [["fail", "RELEASE_FAILED", `${what} has failed, and 4.7.20 comes with 1.16.1: ${unknown}`]],
    ],
    [
      "where the destination's chart cannot be read",
      certManager(),
      null,
      [
        [
          "fail",
          "RELEASE_FAILED",
          `${what} has failed, and 4.7.20 comes with a chart that could not be read: ${unknown}`,
        ],
      ],
    ],
    [
      "under our mark for another version, whatever its chart",
      certManager({ description: "Palette 4.7.15" }),
      "1.14.5",
      [
        ["fail", "HOP_BEGUN"],
        ["fail", "SET_HALF_MOVED"],
      ],
    ],
    ["and fixed since, no charts are asked for", certManager({ status: "deployed" }), null, [["pass", ""]]],
  ];

describe("gate helm-release: a release before the platform's own that has failed", () => {
  for (const [title, newest, comesWith, expected] of cases) {
    it(title, async () => {
      const { outcome, reasons } = await judge(newest, comesWith);
      assert.equal(outcome, expected[0]![0]);
      assert.deepEqual(
        reasons.map(({ code }) => code),
        expected.map(([, code]) => code).filter((code) => code !== ""),
      );
      for (const [index, [, , message]] of expected.entries())
        if (message !== undefined) assert.equal(reasons[index]?.message, message);
    });
  }
});
