import assert from "node:assert/strict";
import { helmReleaseGate } from "../../../lib/gates/helm-release/gate.js";
import type { SettledRevision, Verdict } from "../../../lib/gates/verdict/types.js";
import type { HelmRevision } from "../../../lib/site/types.js";
import { arrived, at, FakeClock, fakeSite, inputFor, neverAborted, revision } from "../fake-site.js";

/** Before 4.6.41 -> 4.7.20 at 08:30, with revisions beside hubble's history 4.5.23 -> 4.6.41 (revision 2). */
async function judge(more: HelmRevision[], held: SettledRevision[]): Promise<Verdict> {
  const site = fakeSite({ revisions: [...arrived("4.5.23", "4.6.41"), ...more] });
  return helmReleaseGate.sample(inputFor({ site, clock: new FakeClock(at(30)), settledRevisions: held }), neverAborted);
}

describe("a newer version that failed and was rolled back by hand", () => {
  const tried = revision({ revision: 3, status: "failed", chartVersion: "4.7.20", lastDeployed: at(5) });
  const rolledBack = revision({
    revision: 4,
    chartVersion: "4.6.41",
    description: "Rollback to 2",
    lastDeployed: at(9),
  });

  const remarks = (verdict: Verdict): string[] =>
    verdict.reasons.map(({ message }) => message).filter((message) => message.startsWith("ROLLED_BACK"));

  it("is a remark: its migrations may have run", async () => {
    const verdict = await judge([tried, rolledBack], []);
    assert.deepEqual(
      [verdict.outcome, remarks(verdict)], ["pass", [
      'ROLLED_BACK: Helm release "hubble" in namespace "default": revision 3 for 4.7.20 has failed, and revision 4 for 4.6.41 was deployed after it ("Rollback to 2"): ' +
        "data may be at 4.7.20 already. Settle with the vendor's support which version it is at before anything moves.",
    ]]); // prettier-ignore
  });

  for (const [title, more] of [
    ["a failed try of an older version", [revision({ ...tried, chartVersion: "4.5.23" }), rolledBack]],
    ["a failed try that was finished", [revision({ ...tried, chartVersion: "4.6.41" }), rolledBack]],
    ["no failed try", [revision({ ...rolledBack, revision: 3 })]],
  ] as [string, HelmRevision[]][])
    it(`negative twin: ${title}`, async () => assert.deepEqual(remarks(await judge(more, [])), []));
});

describe("what another hand changed since the version was settled", () => {
  const held: SettledRevision[] = [
    { role: "hubble", revision: 2, valuesDigest: "d1" },
    { role: "cert-manager", revision: 4, valuesDigest: "d1" },
  ];
  const by = (change: Partial<HelmRevision> & { revision: number }): HelmRevision =>
    revision({ chartVersion: "4.6.41", lastDeployed: at(20), ...change });
  const other = { name: "cert-manager", chart: "cert-manager", chartVersion: "1.14.5" };
  const rows: [title: string, more: HelmRevision[], outcome: string, codes: string[]][] = [
    ["nothing", [by({ ...other, revision: 4 })], "pass", []],
    ["a newer revision with the same values", [by({ revision: 3 })], "pass", ["NOTE"]],
    ["a newer revision with other values", [by({ revision: 3, valuesDigest: "d2" })], "fail", ["VALUES_DRIFTED"]],
    ["ours, not settled yet", [by({ revision: 3, valuesDigest: "d2", description: "Palette 4.6.41" })], "pass", []],
    [
      "a failed attempt of another hand is no drift, what is deployed counts",
      [by({ revision: 3, valuesDigest: "d2", status: "failed", chartVersion: "4.7.20" })],
      "pass",
      ["NOTE"],
    ],
    ["cert-manager's values", [by({ ...other, revision: 5, valuesDigest: "d2" })], "fail", ["VALUES_DRIFTED"]],
    ["an installation anew", [by({ ...other, revision: 1, valuesDigest: "d2" })], "fail", ["VALUES_DRIFTED"]],
    [
      "a chart of the same name as ours in use elsewhere, unrecorded",
      [by({ name: "image-swap", chart: "image-swap", revision: 9, valuesDigest: "d2" })],
      "pass",
      [],
    ],
  ];
  for (const [title, more, outcome, codes] of rows) {
    it(`${outcome}: ${title}`, async () => {
      const verdict = await judge(more, held);

      assert.deepEqual([verdict.outcome, verdict.reasons.map(({ code }) => code)], [outcome, codes]);
    });
  }

  it("nothing recorded: nothing is said of drift", async () => {
    const verdict = await judge([by({ ...other, revision: 4 }), by({ revision: 3, valuesDigest: "d2" })], []);
    assert.deepEqual(
      verdict.reasons.map(({ message }) => message.split(":")[0]),
      ["FOREIGN_REVISION"],
    );
  });

  it("says who differs from what was recorded, what the hop would do, and how to compare", async () => {
    const verdict = await judge([by({ revision: 3, valuesDigest: "d2", description: "hotfix" })], held);

    assert.equal(
      verdict.reasons[0]?.message,
      'Helm release "hubble" in namespace "default": revision 3 for 4.6.41 is by another hand (2026-01-31T08:20:00.000Z, "hotfix"); ' +
        "revision 2 was recorded with other values. The hop would carry the changed values on. Compare " +
        '"helm get values hubble --namespace default --revision 2" with "helm get values hubble --namespace default --revision 3"; ' +
        "put what is to stay into palette:values or undo it, or accept this reason by name for the hop.",
    );
  });
});
