import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { disturbedRig, onEachEngine, type DisturbedRig } from "./disturbed-rig.js";
import { startDriver, type DriverEnd } from "./driver-process.js";
import {
  descendants,
  endIfStillThere,
  isAlive,
  isPlugin,
  victimOf,
  type SeenProcess,
  type Victim,
} from "./processes.js";

const road = { from: "4.5.20", to: "4.7.20" };
const kills = 20;
const seed = 20261121;

/** Requests of one stack update, from its preview on, as the site counts them: kills fall anywhere in it. */
const requestsOfUpdate = 260;

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function random(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

onEachEngine("kill -9", 1800, (engineName) => {
  let disturbed: DisturbedRig;
  /** All that was ever below a driver of this test. */
  const started = new Map<number, SeenProcess>();
  afterEach(async () => {
    for (const process of started.values()) endIfStillThere(process);
    await disturbed?.rig.dispose();
  });

  it(`${kills} times, of driver, program and engine at random moments: it always goes on, and arrives`, async () => {
    const next = random(seed);
    const parts: Victim[] = ["driver", "program", "engine"];
    const killed: string[] = [];
    disturbed = await disturbedRig(engineName, road);
    for (let runs = 0; killed.length < kills; runs += 1) {
      assert.ok(runs < 6 * kills, `no end of it: ${killed.join(", ")}`);
      const part = parts[Math.floor(next() * parts.length)]!;
      const moment = 1 + Math.floor(next() * requestsOfUpdate);
      const end = await killedRun(disturbed, part, moment);
      if (end.killed) killed.push(`${part} after ${moment} requests`);
      await disturbed.check();
      if (end.exitCode === 0) {
        // It arrived before it could be killed: the same road once more, on another site.
        await disturbed.rig.dispose();
        disturbed = await disturbedRig(engineName, road);
      } else {
        await heed(disturbed, end);
      }
    }
    await arrives(disturbed);
    assert.ok(killed.length >= kills);
  });

  async function killedRun(
    { rig, requests }: DisturbedRig,
    part: Victim,
    moment: number,
  ): Promise<DriverEnd & { killed: boolean }> {
    const driver = startDriver(rig);
    let left: SeenProcess[] = [];
    const killing = requests(moment).then(() => {
      if (!isAlive(driver.pid)) return false;
      left = descendants(driver.pid);
      for (const process of left) started.set(process.pid, process);
      process.kill(victimOf(part, driver.pid), "SIGKILL");
      return true;
    });
    const end = await driver.ended;
    const killed = await Promise.race([killing, sleep(50).then(() => false)]);
    if (waitsForTheRest(moment)) await gone(left.filter((process) => !isPlugin(process)).map(({ pid }) => pid));
    return { ...end, killed };
  }

  /** Half of the next runs begin while what was left behind still runs. */
  function waitsForTheRest(moment: number): boolean {
    return moment % 2 === 0;
  }

  async function gone(pids: readonly number[]): Promise<void> {
    for (let tries = 0; pids.some(isAlive); tries += 1) {
      assert.ok(tries < 1200, `still there: ${pids.filter(isAlive).join(", ")}`);
      await sleep(100);
    }
  }

  /** What a person does who reads what the driver says of a lock. */
  async function heed({ rig }: DisturbedRig, { result }: DriverEnd): Promise<void> {
    const refusal = result?.refusals.find(({ code }) => code === "STACK_LOCKED");
    if (refusal === undefined) return;
    if (!refusal.message.includes("that process is gone")) return void (await sleep(500));
    const env = { ...process.env, ...rig.environment };
    const cancel = spawnSync("pulumi", ["cancel", "--yes", "--stack", "dev"], { cwd: rig.projectDir, env });
    assert.equal(cancel.status, 0, String(cancel.stderr));
  }

  async function arrives(rig: DisturbedRig): Promise<void> {
    for (let tries = 0; tries < 60; tries += 1) {
      const end = await startDriver(rig.rig).ended;
      await rig.check();
      if (end.exitCode === 0) {
        const { appliedVersion, remaining } = await rig.rig.engine.outputs();
        assert.deepEqual([appliedVersion, remaining], [road.to, []]);
        return;
      }
      assert.ok([1, 3, 5].includes(end.exitCode ?? -1), JSON.stringify(end));
      await heed(rig, end);
    }
    assert.fail("it does not arrive");
  }
});
