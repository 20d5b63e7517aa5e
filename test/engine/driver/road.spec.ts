import assert from "node:assert/strict";
import type { GateName } from "../../../lib/gates/types.js";
import type { FaultName } from "../../../lib/rehearsal/types.js";
import { disturbedRig, onEachEngine, toldBy, type DisturbedRig } from "./disturbed-rig.js";

const road = { from: "4.1.12", to: "4.7.20" };

/** The seven hops, and what stands in the way of each: a fault, and the gate that sees it. */
const hops: [from: string, to: string, fault: FaultName, gate: GateName][] = [
  ["4.1.12", "4.2.7", "member-recovering", "mongo-replica-set"],
  ["4.2.7", "4.2.13", "two-primaries", "mongo-replica-set"],
  ["4.2.13", "4.3.6", "member-unreachable", "mongo-replica-set"],
  ["4.3.6", "4.4.20", "pcg-paused", "pcg-readiness"],
  ["4.4.20", "4.5.23", "rollout-stuck", "rollout"],
  ["4.5.23", "4.6.41", "member-lagging", "mongo-replica-set"],
  ["4.6.41", "4.7.20", "pcg-agent-stale", "pcg-readiness"],
];

onEachEngine("the whole road", 600, (engineName) => {
  let disturbed: DisturbedRig;
  afterEach(async () => disturbed?.rig.dispose());

  it("seven hops; a gate fails before each in turn: nothing moves, and goes on once it is mended", async () => {
    disturbed = await disturbedRig(engineName, road);
    const { rig, run } = disturbed;
    await run({ to: "4.1.12" });
    for (const [from, to, fault, gate] of hops) {
      const before = await rig.history();
      await rig.site.order({ add: [{ name: fault }] });
      const refused = await run();
      assert.equal(refused.exitCode, 3, `${fault}: ${toldBy(refused)}`);
      const failed = refused.gates.map((report) => `${report.gate} ${report.when}`);
      assert.ok(failed.includes(`${gate} before`), `${fault}: ${toldBy(refused)}`);
      assert.deepEqual(await rig.history(), before, `${fault} before ${from} -> ${to}`);
      await rig.site.order({ clear: [fault] });
      const mended = await run({ maxHops: 1 });
      assert.equal(mended.applied, to, toldBy(mended));
    }
    const { updates } = await disturbed.reaches("4.7.20");
    assert.deepEqual(updates, [], "nothing is left to do");
    assert.deepEqual(
      (await rig.history()).map((line) => line.split(" ")[2]),
      [road.from, ...hops.map(([, to]) => to)],
    );
  });
});
