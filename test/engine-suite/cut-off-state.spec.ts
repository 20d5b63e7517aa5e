import assert from "node:assert/strict";
import { rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { ended, describeEnd } from "./driver/disturbed-rig.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";
import { describeOnRealEngine, skipWithoutEngine } from "./support/engines.js";

describeOnRealEngine("a state that a kill cut off (real engine)", function () {
  this.timeout(300_000);
  let driver: DriverRig | undefined;

  before(function () {
    skipWithoutEngine(this, "pulumi");
  });
  after(async () => driver?.rig.dispose());

  it("is named with the file to delete; without that file the route goes on", async () => {
    driver = await driverRig("pulumi", { from: "4.6.36", to: "4.6.41" });
    const { rig } = driver;
    const enrolled = await driver.up({ to: "4.6.36" });
    assert.deepEqual(ended(enrolled), ["stopped", 0, "4.6.36"], describeEnd(enrolled));
    const attributes = join(rig.projectDir, "backend/.pulumi/stacks/palette", `${rig.stack}.json.attrs`);
    truncateSync(attributes);
    const cutOff = {
      code: "STATE_CUT_OFF",
      message: `A run was killed while Pulumi wrote the stack's state, and the state cannot be read. Empty: ${attributes}.`,
    };
    await assert.rejects(driver.up(), cutOff);
    const shown = await driver.preview();
    assert.deepEqual([shown.exitCode, shown.report.refusal?.code], [2, "STATE_CUT_OFF"]);
    rmSync(attributes);
    const done = await driver.up();
    assert.deepEqual(ended(done), ["done", 0, "4.6.41"], describeEnd(done));
  });
});
