import assert from "node:assert/strict";
import { ended, onEachEngine, describeEnd } from "./driver/disturbed-rig.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";

onEachEngine("the cluster of the first update", 300, (engineName) => {
  let driver: DriverRig;

  before(async () => {
    driver = await driverRig(engineName, { from: "4.6.36", to: "4.6.41" }, { cluster: null });
  });
  after(() => driver?.rig.dispose());

  it("is shown by a preview, with what is to confirm", async () => {
    const { report, exitCode } = await driver.preview();
    const { identity, confirmsCluster } = report;
    assert.deepEqual(
      [exitCode, confirmsCluster, identity?.clusterUid, identity?.version, identity?.rootDomain],
      [0, true, driver.rig.site.clusterUid, "4.6.36", "palette.rehearsal.example"],
    );
    assert.match(identity?.server ?? "", /^http/);
  });

  it("is not enrolled where nobody has named it", async () => {
    const refused = await driver.up();
    assert.deepEqual(
      [refused.outcome, refused.exitCode, refused.applied, refused.refusals.map(({ code }) => code)],
      ["refused", 3, null, ["CLUSTER_UNCONFIRMED"]],
      describeEnd(refused),
    );
    assert.ok(refused.refusals[0]!.message.includes(`cluster UID ${driver.rig.site.clusterUid}, Palette 4.6.36, `));
  });

  it("is refused where another one is pinned", async () => {
    driver.rig.set("cluster.uid", "another");
    const refused = await driver.up();
    assert.deepEqual([refused.exitCode, refused.refusals[0]?.code], [3, "CLUSTER_MISMATCH"], describeEnd(refused));
  });

  it("is enrolled where it is pinned, and named in the result", async () => {
    driver.rig.set("cluster.uid", driver.rig.site.clusterUid);
    const stopped = await driver.up({ to: "4.6.36" });
    assert.deepEqual(ended(stopped), ["stopped", 0, "4.6.36"], describeEnd(stopped));
    assert.equal(stopped.identity?.clusterUid, driver.rig.site.clusterUid);
  });
});
