import assert from "node:assert/strict";
import { SiteError } from "../../../lib/base/errors/site-error.js";
import { checkClusterIdentity, judgeIdentity } from "../../../lib/gates/cluster-identity/identity.js";

describe("cluster identity", () => {
  it("the enrolled cluster, and one not enrolled yet, leave nothing to say", () => {
    assert.deepEqual(judgeIdentity("uid-1", "uid-1"), []);
    assert.deepEqual(judgeIdentity(null, "uid-1"), []);
  });

  it("any other cluster fails", () => {
    assert.deepEqual(
      judgeIdentity("uid-1", "uid-2").map(({ outcome, code }) => [outcome, code]),
      [["fail", "CLUSTER_MISMATCH"]],
    );
  });

  it("a cluster that does not answer is unknown, never taken for the right one", async () => {
    const silent = { clusterUid: () => Promise.reject(new SiteError("network", "connect ECONNREFUSED")) };

    assert.deepEqual(await checkClusterIdentity(silent, "uid-1"), [
      {
        outcome: "unknown",
        code: "SITE_UNREACHABLE",
        member: null,
        message: "The identity of the cluster (UID of namespace kube-system) could not be read: connect ECONNREFUSED",
        transient: true,
      },
    ]);
  });
});
