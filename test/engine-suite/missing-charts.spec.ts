import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { ended, onEachEngine, describeEnd } from "./driver/disturbed-rig.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";

onEachEngine("charts that are not there", 600, (engineName) => {
  let driver: DriverRig;

  before(async () => {
    driver = await driverRig(engineName, { from: "4.6.36", to: "4.7.20" });
  });
  after(async () => driver?.rig.dispose());

  it("a chart of the route is missing: enrolling tells it in preview and update, the first hop refuses before any gate", async () => {
    const { rig } = driver;
    const folder = join(rig.projectDir, "r/charts/release-4.7.20");
    renameSync(folder, `${folder}.away`);
    const preview = await rig.preview();
    assert.ok(preview.ok, "enrolling moves nothing");
    const lacks =
      /^Nothing moves now, but the hop will refuse\. CHARTS_MISSING: 2 charts of the route \(4\.6\.41, 4\.7\.20\) are not there as they should be; nothing was begun:\n.*Palette 4\.7\.20 needs r\/charts\/release-4\.7\.20/s;
    assert.match(rig.report().notice ?? "", lacks);
    const refused = await driver.up();
    assert.deepEqual(ended(refused), ["refused", 2, "4.6.36"], describeEnd(refused));
    assert.deepEqual(
      refused.updates.map(({ step, outcome }) => `${step} ${outcome}`),
      ["enrol succeeded"],
      "the update keeps what its preview promised",
    );
    assert.equal(refused.refusals[0]?.code, "CHARTS_MISSING");
    assert.deepEqual(refused.gates, []);
    const shown = await driver.preview();
    assert.deepEqual([shown.exitCode, shown.report.refusal?.code, shown.report.approval], [2, "CHARTS_MISSING", null]);
    assert.deepEqual(
      shown.report.plan?.hops.map(({ to }) => to),
      ["4.6.41", "4.7.20"],
      "the route is shown all the same",
    );
    assert.ok(shown.report.gates.length > 0);
    const ahead = await driver.preview({ gatesOnly: true });
    assert.deepEqual(
      [ahead.exitCode, ahead.report.refusal?.code],
      [refused.exitCode, "CHARTS_MISSING"],
      "--gates-only ends as the update does",
    );
    const mongo = ahead.report.gates.find(({ gate }) => gate === "mongo-replica-set");
    assert.equal(mongo?.outcome, "pass", "and tells what the gates say all the same");
    renameSync(`${folder}.away`, folder);
    assert.deepEqual((await driver.preview({ gatesOnly: true })).exitCode, 0);
    const hop = await driver.up({ maxHops: 1 });
    assert.deepEqual(ended(hop), ["stopped", 0, "4.6.41"], describeEnd(hop));
    const measured = (await rig.engine.outputs()).verifiedHops as { to: string; minutes?: number }[];
    assert.ok(measured[0]!.minutes! > 0, JSON.stringify(measured));
  });
});
