import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { verifyChain } from "../../lib/journal/chain.js";
import { ended, onEachEngine, describeEnd } from "./driver/disturbed-rig.js";
import { driverRig, type DriverRig } from "./support/driver-rig.js";

const word = {
  gate: "mongo-replica-set",
  subject: "mongo-2",
  code: "LAG",
  hop: "4.6.36->4.6.41",
  because: "its disk is being replaced",
  ticket: "OPS-7",
  by: "ana",
  until: "2099-12-31",
};

onEachEngine("a reason that somebody accepts", 900, (engineName) => {
  let driver: DriverRig;

  before(async () => {
    driver = await driverRig(engineName, { from: "4.6.36", to: "4.7.20" });
    await driver.up({ to: "4.6.36" });
    await driver.rig.site.changeFaults({ add: [{ name: "member-lagging" }] });
  });
  after(async () => driver?.rig.dispose());

  it("4.6.36 -> 4.6.41: for another hop it accepts nothing, and the preview lists it", async () => {
    driver.rig.set("accept", JSON.stringify([{ ...word, hop: "4.5.23->4.6.41" }]));
    const { report } = await driver.preview();
    assert.deepEqual(
      [report.acceptances.used, report.acceptances.unused.length],
      [[], 1],
      JSON.stringify(report.acceptances),
    );
    const refused = await driver.up();
    assert.deepEqual(ended(refused), ["refused", 3, "4.6.36"], describeEnd(refused));
    const codes = refused.gates.flatMap(({ reasons }) => reasons.map(({ code }) => code));
    assert.ok(codes.includes("LAG"), describeEnd(refused));
    assert.deepEqual(await driver.rig.history(), ["1 deployed 4.6.36"]);
  });

  it("4.6.36 -> 4.6.41: for this hop the gate and its hooks pass, and the journal keeps who, why and under what", async () => {
    driver.rig.set("accept", JSON.stringify([word]));
    const hop = await driver.up({ maxHops: 1 });
    assert.deepEqual(ended(hop), ["stopped", 0, "4.6.41"], describeEnd(hop));
    const judged = hop.updates[0]!.gates.find(({ gate }) => gate === "mongo-replica-set");
    assert.deepEqual([judged?.outcome, judged?.accepted], ["pass", 1]);
    const lines = readFileSync(join(driver.rig.projectDir, ".palette/journal/dev.jsonl"), "utf8").trimEnd().split("\n");
    const accepted = verifyChain(lines).entries.flatMap(({ event }) => (event.kind === "accepted" ? [event] : []));
    assert.deepEqual(accepted, [{ kind: "accepted", ...word }]);
  });

  it("4.6.41 -> 4.7.20: into 4.7 it never counts", async () => {
    // The hop has made another member the primary, and so another one lags.
    const words = ["mongo-0", "mongo-1", "mongo-2"].map((subject) => ({ ...word, subject, hop: "4.6.41->4.7.20" }));
    driver.rig.set("accept", JSON.stringify(words));
    const refused = await driver.up();
    assert.deepEqual(ended(refused), ["refused", 3, "4.6.41"], describeEnd(refused));
    const codes = new Set(refused.gates.flatMap(({ reasons }) => reasons.map(({ code }) => code)));
    assert.deepEqual([codes.has("LAG"), codes.has("ACCEPTANCE_VOID")], [true, true], describeEnd(refused));
    assert.deepEqual((await driver.rig.history()).at(-1), "2 deployed 4.6.41");
  });
});
