import assert from "node:assert/strict";
import type { EngineName } from "../support/program-rig.js";
import { disturbedRig, onEachEngine, type DisturbedRig } from "./disturbed-rig.js";
import type { DriverEnd } from "./driver-process.js";
import type { Deed } from "./enforce.js";
import { killPlan } from "./kill-plan.js";
import { Killer, type Kill } from "./killer.js";
import type { Victim } from "./processes.js";

const route = { from: "4.5.20", to: "4.7.20" };
const kills = 20;
const seed = 20261121;

/** The embedded engine has no process of its own: who kills the driver kills it. */
const parts: Record<EngineName, readonly Victim[]> = {
  embedded: ["driver", "program"],
  pulumi: ["driver", "program", "engine"],
};

onEachEngine("kill -9", 7200, (engineName) => {
  let disturbed: DisturbedRig;
  const killer = new Killer();
  afterEach(async () => {
    killer.endAll();
    await disturbed?.rig.dispose();
  });

  const aimed = parts[engineName].join(", ");
  it(`${kills} times, of ${aimed}, at random moments, releases moving at some: it always goes on, and arrives`, async () => {
    const killed: Kill[] = [];
    const deeds: Deed[] = [];
    disturbed = await disturbedRig(engineName, route);
    for (const planned of killPlan(seed, kills, parts[engineName])) {
      let kill: Kill | null = null;
      let last: DriverEnd | null = null;
      for (let tries = 0; kill === null; tries += 1) {
        assert.ok(tries < 20, `no moment to kill ${JSON.stringify(planned)}: ${JSON.stringify(last)}`);
        const { end, ...run } = await killer.killRun(disturbed, planned);
        last = end;
        kill = run.kill;
        await disturbed.check();
        if (end.exitCode === 0) {
          // It arrived before it could be killed: the same route once more, on another site.
          await disturbed.rig.dispose();
          disturbed = await disturbedRig(engineName, route);
        } else {
          deeds.push(await killer.follow(disturbed, end));
        }
      }
      killed.push(kill);
    }
    const more = await killer.runUntilArrived(disturbed, async (end) => {
      await disturbed.check();
      assert.ok([0, 1, 3, 5].includes(end.exitCode ?? -1), JSON.stringify(end));
    });
    assert.ok(more !== null, "it does not arrive");
    deeds.push(...more);
    const { appliedVersion, remaining } = await disturbed.rig.engine.outputs();
    assert.deepEqual([appliedVersion, remaining], [route.to, []]);
    process.stdout.write(`      ${reported(killed, deeds)}\n`);
    const plan = killPlan(seed, kills, parts[engineName]);
    for (const part of parts[engineName]) {
      const ofPart = killed.filter((kill) => kill.part === part);
      assert.equal(ofPart.length, plan.filter((kill) => kill.part === part).length, part);
      assert.ok(ofPart.length >= 5 && ofPart.some(({ moving }) => moving), reported(killed, deeds));
    }
    assert.ok(killed.filter(({ moving }) => moving).length >= 6, reported(killed, deeds));
  });
});

function reported(killed: readonly Kill[], deeds: readonly Deed[]): string {
  const count = (words: readonly string[]): string =>
    [...new Set(words)]
      .sort()
      .map((word) => `${word} ${words.filter((other) => other === word).length}`)
      .join(", ");
  const moving = killed.filter(({ moving }) => moving).map(({ part }) => part);
  return `killed: ${count(killed.map(({ part }) => part))}; with a release moving: ${count(moving)}; then: ${count(deeds.flatMap((deed) => deed ?? []))}`;
}
