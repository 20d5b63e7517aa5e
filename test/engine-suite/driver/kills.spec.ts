import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineName } from "../support/program-rig.js";
import { disturbedRig, onEachEngine, type DisturbedRig } from "./disturbed-rig.js";
import { startDriver, type DriverEnd } from "./driver-process.js";
import { isMoving } from "./evidence.js";
import { followAdvice, type Deed } from "./enforce.js";
import { killPlan, type PlannedKill } from "./kill-plan.js";
import {
  descendants,
  endIfStillThere,
  isAlive,
  isPlugin,
  victimOf,
  type SeenProcess,
  type Victim,
} from "./processes.js";

const route = { from: "4.5.20", to: "4.7.20" };
const kills = 20;
const seed = 20261121;

/** The embedded engine has no process of its own: who kills the driver kills it. */
const parts: Record<EngineName, readonly Victim[]> = {
  embedded: ["driver", "program"],
  pulumi: ["driver", "program", "engine"],
};

/** What has been killed, not what was aimed at. */
interface Kill {
  victim: SeenProcess;
  part: Victim;
  /** Helm was at work on some release. */
  moving: boolean;
}

onEachEngine("kill -9", 3600, (engineName) => {
  let disturbed: DisturbedRig;
  /** All that was ever below a driver of this test. */
  const started = new Map<number, SeenProcess>();
  afterEach(async () => {
    for (const process of started.values()) endIfStillThere(process);
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
        const { end, ...run } = await killedRun(disturbed, planned);
        last = end;
        kill = run.kill;
        await disturbed.check();
        if (end.exitCode === 0) {
          // It arrived before it could be killed: the same route once more, on another site.
          await disturbed.rig.dispose();
          disturbed = await disturbedRig(engineName, route);
        } else {
          deeds.push(await followAdvice(disturbed.rig, end, isSomethingLeft));
        }
      }
      killed.push(kill);
    }
    await arrives(deeds);
    process.stdout.write(`      ${reported(killed, deeds)}\n`);
    const plan = killPlan(seed, kills, parts[engineName]);
    for (const part of parts[engineName]) {
      const ofPart = killed.filter((kill) => kill.part === part);
      assert.equal(ofPart.length, plan.filter((kill) => kill.part === part).length, part);
      assert.ok(ofPart.length >= 5 && ofPart.some(({ moving }) => moving), reported(killed, deeds));
    }
    assert.ok(killed.filter(({ moving }) => moving).length >= 6, reported(killed, deeds));
  });

  /** One run of the driver, killed at the planned moment; `kill` is null where that did not come. */
  async function killedRun(
    { rig, moment }: DisturbedRig,
    { part, whileMoving, at }: PlannedKill,
  ): Promise<{ end: DriverEnd; kill: Kill | null }> {
    const driver = startDriver(rig);
    let left: SeenProcess[] = [];
    let counted = 0;
    let kill: Kill | null = null;
    const isMoment = (): boolean => {
      if (!whileMoving || isMoving(rig.model())) counted += 1;
      else return false;
      return counted >= at && victimOf(part, driver.pid) !== null;
    };
    const killing = moment(isMoment).then(() => {
      const victim = victimOf(part, driver.pid);
      if (victim === null) return;
      left = descendants(driver.pid);
      for (const process of left) started.set(process.pid, process);
      kill = { victim, part, moving: isMoving(rig.model()) };
      process.kill(victim.pid, "SIGKILL");
    });
    const end = await driver.ended;
    await Promise.race([killing, sleep(50)]);
    if (kill !== null) await provedDead(kill, end);
    if (waitsForTheRest(at)) await gone(left.filter((process) => !isPlugin(process)).map(({ pid }) => pid));
    return { end, kill };
  }

  async function provedDead({ part, victim }: Kill, end: DriverEnd): Promise<void> {
    await gone([victim.pid]);
    if (part === "driver") assert.equal(end.signal, "SIGKILL");
    else assert.equal(end.signal, null);
  }

  /** Half of the next runs begin while what was left behind still runs. */
  function waitsForTheRest(at: number): boolean {
    return at % 2 === 0;
  }

  function isSomethingLeft(): boolean {
    return [...started.values()].some((process) => !isPlugin(process) && isAlive(process.pid));
  }

  async function gone(pids: readonly number[]): Promise<void> {
    for (let tries = 0; pids.some(isAlive); tries += 1) {
      assert.ok(tries < 1200, `still there: ${pids.filter(isAlive).join(", ")}`);
      await sleep(100);
    }
  }

  async function arrives(deeds: Deed[]): Promise<void> {
    const { rig, check } = disturbed;
    for (let tries = 0; tries < 60; tries += 1) {
      const end = await startDriver(rig).ended;
      await check();
      if (end.exitCode === 0) {
        const { appliedVersion, remaining } = await rig.engine.outputs();
        assert.deepEqual([appliedVersion, remaining], [route.to, []]);
        return;
      }
      assert.ok([1, 3, 5].includes(end.exitCode ?? -1), JSON.stringify(end));
      deeds.push(await followAdvice(rig, end, isSomethingLeft));
    }
    assert.fail("it does not arrive");
  }
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
