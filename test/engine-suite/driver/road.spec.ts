import assert from "node:assert/strict";
import type { GateName } from "../../../lib/gates/verdict/types.js";
import type { FaultName } from "../../../packages/rehearsal/lib/types.js";
import { breaches } from "./invariant.js";
import { disturbedRig, onEachEngine, describeEnd, type DisturbedRig } from "./disturbed-rig.js";

const route = { from: "4.1.12", to: "4.7.20" };

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

/** Of the installed version, before anything may move. */
const checks: GateName[] = ["ingress", "pcg-catch-up", "rollout"];

onEachEngine("the whole route", 7200, (engineName) => {
  let disturbed: DisturbedRig;
  afterEach(async () => disturbed?.rig.dispose());

  it("seven hops; a gate fails before each in turn: nothing moves, and goes on once it is fixed", async () => {
    disturbed = await disturbedRig(engineName, route);
    const { rig, run } = disturbed;
    const enrolment = await run({ to: route.from });
    const checked = enrolment.updates[0]?.gates.filter(({ when, outcome }) => when === "after" && outcome === "pass");
    assert.deepEqual([...new Set(checked?.map(({ gate }) => gate))].sort(), checks, describeEnd(enrolment));
    for (const [from, to, fault, gate] of hops) {
      const before = await rig.history();
      await rig.site.changeFaults({ add: [{ name: fault }] });
      const refused = await run();
      assert.equal(refused.exitCode, 3, `${fault}: ${describeEnd(refused)}`);
      const failed = refused.gates.map((report) => `${report.gate} ${report.when}`);
      assert.ok(failed.includes(`${gate} before`), `${fault}: ${describeEnd(refused)}`);
      assert.deepEqual(await rig.history(), before, `${fault} before ${from} -> ${to}`);
      await rig.site.changeFaults({ clear: [fault] });
      const fixed = await run({ maxHops: 1 });
      assert.equal(fixed.applied, to, describeEnd(fixed));
    }
    const { updates } = await disturbed.reaches("4.7.20");
    assert.deepEqual(updates, [], "nothing is left to do");
    assert.deepEqual(
      (await rig.history()).map((line) => line.split(" ")[2]),
      [route.from, ...hops.map(([, to]) => to)],
    );
    await wouldReport(disturbed);
  });

  /** The invariant that held after every run would have told of a check left out: of any version, or made before it came. */
  async function wouldReport({ question }: DisturbedRig): Promise<void> {
    const asked = await question();
    assert.deepEqual(breaches(asked), []);
    for (const [from, to] of hops.slice(1)) {
      const others = asked.verified.filter((hop) => hop.to !== from);
      const came = asked.now.rollOuts.find((rollOut) => rollOut.to === from)!;
      const stale = { to: from, verifiedAt: new Date(Date.parse(came.at) - 1).toISOString() };
      const sentence = `the platform rolled on from ${from} to ${to} before the checks of ${from} had passed`;
      assert.deepEqual(breaches({ ...asked, verified: others }), [sentence]);
      assert.deepEqual(breaches({ ...asked, verified: [...others, stale] }), [sentence]);
    }
  }
});
