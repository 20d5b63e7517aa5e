import assert from "node:assert/strict";
import { isQuiet } from "../../lib/driver/drive.js";
import { weekdays } from "../../lib/settings/list-entries.js";
import { ended, onEachEngine, describeEnd } from "./driver/disturbed-rig.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";

const always = { days: weekdays, from: "00:00", to: "00:00", zone: "UTC" };

onEachEngine("windows, and hops that were measured", 600, (engineName) => {
  let driver: DriverRig;

  after(async () => driver?.rig.dispose());

  it("4.6.36 -> 4.6.41 -> 4.7.20: the second hop's window knows how long the first took, and the settled stack has no diff", async () => {
    driver = await driverRig(engineName, { from: "4.6.36", to: "4.7.20" }, { windows: JSON.stringify([always]) });
    const run = await driver.up();
    assert.deepEqual(ended(run), ["done", 0, "4.7.20"], describeEnd(run));
    const hops = (await driver.rig.engine.outputs()).verifiedHops as { to: string; minutes?: number }[];
    assert.deepEqual(
      hops.map(({ to, minutes }) => [to, typeof minutes]),
      [
        ["4.6.41", "number"],
        ["4.7.20", "number"],
      ],
    );
    assert.match(driver.rig.stored(), /"MEASURED": ?"\[/, "the Command of the gate has it");
    assert.ok(isQuiet(await driver.rig.preview()));
  });
});
