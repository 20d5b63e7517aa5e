import assert from "node:assert/strict";
import { ended, onEachEngine, describeEnd } from "./driver/disturbed-rig.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";

const route = { from: "4.6.41", to: "4.7.20" };
const denied = { "pcg.none": "true", tenants: '[{"name":"acme","pcgs":[]}]' };

onEachEngine("a stack that says there is no PCG, where there is one", 300, (engineName) => {
  let driver: DriverRig;

  before(async () => {
    driver = await driverRig(engineName, route, denied);
  });
  after(() => driver?.rig.dispose());

  it("is shown as a setting that proves less, and as the gate that refuses", async () => {
    const { report, exitCode } = await driver.preview({ gatesOnly: true });
    const gate = report.gates.find(({ gate, when }) => gate === "pcg-readiness" && when === "before");
    assert.deepEqual(
      [exitCode, gate?.outcome, gate?.reasons.map(({ code, member }) => `${code} ${member}`), report.loosened],
      [
        3,
        "fail",
        ["PCG_NONE_CONTRADICTED acme/pcg-vsphere"],
        [{ key: "palette:pcg.none", value: "true", standard: "false" }],
      ],
    );
  });

  it("is enrolled and makes no hop", async () => {
    const refused = await driver.up();
    assert.deepEqual(
      [...ended(refused), refused.gates.map(({ gate, outcome, reasons }) => [gate, outcome, reasons[0]?.code])],
      ["refused", 3, "4.6.41", [["pcg-readiness", "fail", "PCG_NONE_CONTRADICTED"]]],
      describeEnd(refused),
    );
    assert.deepEqual(await driver.rig.history(), ["1 deployed 4.6.41"]);
  });
});
