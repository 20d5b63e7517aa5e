import assert from "node:assert/strict";
import { adviseByRecords, readNewestRevisions, retryAdvice } from "../../lib/driver/release-records.js";
import { type HelmRevision, type HelmStatus } from "../../lib/site/types.js";
import { revision as createRevision } from "../gates/fake-site.js";

function hubble(revision: number, status: HelmStatus, chartVersion: string): HelmRevision {
  return createRevision({ revision, status, chartVersion });
}

const certManager = { ...hubble(3, "deployed", "1.14.4"), name: "cert-manager", chart: "cert-manager" };
const old = hubble(1, "deployed", "4.6.41");
const partial = "hubble 4.7.20 may run in part beside the old version. Its hop is the only next one.";

describe("advice after a failed update, by Helm's records", () => {
  const cases: [string, Parameters<typeof adviseByRecords>, string][] = [
    [
      "no record moved: no alarm",
      [
        [old, certManager],
        [old, certManager],
      ],
      "Helm's records show that no release moved: hubble at revision 1 (deployed, 4.6.41), cert-manager at revision 3 (deployed, 1.14.4).",
    ],
    [
      "a release failed: it may run in part",
      [[old], [hubble(2, "failed", "4.7.20")]],
      `Helm's records show what moved: hubble from revision 1 (deployed, 4.6.41) to revision 2 (failed, 4.7.20). ${partial}`,
    ],
    [
      "a release is left pending by a kill: it may run in part",
      [[old], [hubble(2, "pending-upgrade", "4.7.20")]],
      `Helm's records show what moved: hubble from revision 1 (deployed, 4.6.41) to revision 2 (pending-upgrade, 4.7.20). ${partial}`,
    ],
    [
      "a release moved as a whole: said, without an alarm",
      [
        [old, certManager],
        [hubble(2, "deployed", "4.7.20"), certManager],
      ],
      "Helm's records show what moved: hubble from revision 1 (deployed, 4.6.41) to revision 2 (deployed, 4.7.20).",
    ],
    [
      "a revision whose status alone changed has moved",
      [[hubble(2, "pending-upgrade", "4.7.20")], [hubble(2, "failed", "4.7.20")]],
      `Helm's records show what moved: hubble from revision 2 (pending-upgrade, 4.7.20) to revision 2 (failed, 4.7.20). ${partial}`,
    ],
    [
      "a release that had failed before this update, which moved nothing",
      [[hubble(2, "failed", "4.7.20")], [hubble(2, "failed", "4.7.20")]],
      `Helm's records show that no release moved: hubble at revision 2 (failed, 4.7.20). ${partial}`,
    ],
    [
      "a first installation",
      [[], [hubble(1, "deployed", "4.7.20")]],
      "Helm's records show what moved: hubble to revision 1 (deployed, 4.7.20).",
    ],
    ["no release of the product", [[], []], "Helm's records show that no release moved."],
    ["not read before", [null, [old]], "Helm's records show hubble at revision 1 (deployed, 4.6.41)."],
    ["not readable before", [{ unreadable: "timeout" }, []], "Helm's records show no release."],
    [
      "not readable after: not known, and no alarm",
      [[old], { unreadable: "connect ECONNREFUSED" }],
      "Helm's records cannot be read (connect ECONNREFUSED): whether a release moved is not known.",
    ],
  ];
  for (const [title, records, expected] of cases) {
    it(title, () => assert.equal(adviseByRecords(...records), `${expected} ${retryAdvice}`));
  }
});

describe("the newest revisions of an update's releases", () => {
  it("are those of the product's releases, in the order in which they move", async () => {
    const other = { ...old, name: "grafana", chart: "grafana" };
    const failed = hubble(2, "failed", "4.7.20");
    const revisions = await readNewestRevisions(() => Promise.resolve([old, failed, certManager, other]));
    assert.deepEqual(revisions, [certManager, failed]);
  });

  it("what cannot be read is said", async () => {
    const unreadable = await readNewestRevisions(() => Promise.reject(new Error("timeout")));
    assert.deepEqual(unreadable, { unreadable: "timeout" });
  });
});
