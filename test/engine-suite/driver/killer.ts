import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { DisturbedRig } from "./disturbed-rig.js";
import { startDriver, type DriverEnd } from "./driver-process.js";
import { deleteCutOffAttributes, followAdvice, type Deed } from "./enforce.js";
import { isMoving } from "./evidence.js";
import type { PlannedKill } from "./kill-plan.js";
import {
  descendants,
  endIfStillThere,
  isAlive,
  isPlugin,
  victimOf,
  type SeenProcess,
  type Victim,
} from "./processes.js";

/** What has been killed, not what was aimed at. */
export interface Kill {
  victim: SeenProcess;
  part: Victim;
  /** Helm was at work on some release. */
  moving: boolean;
}

/** Runs the driver and kills it or a part of it; knows all that was ever below a driver of its own. */
export class Killer {
  readonly #started = new Map<number, SeenProcess>();

  /** One run of the driver, killed at the planned moment; `kill` is null where that did not come. */
  async killRun(
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
      for (const process of left) this.#started.set(process.pid, process);
      kill = { victim, part, moving: isMoving(rig.model()) };
      process.kill(victim.pid, "SIGKILL");
    });
    const end = await driver.ended;
    await Promise.race([killing, sleep(50)]);
    if (kill !== null) await provedDead(kill, end);
    if (part === "engine") deleteCutOffAttributes(rig);
    if (waitsForTheRest(at)) await gone(left.filter((process) => !isPlugin(process)).map(({ pid }) => pid));
    return { end, kill };
  }

  /** Does what the driver advises after a run. */
  follow(disturbed: DisturbedRig, end: DriverEnd): Promise<Deed> {
    return followAdvice(disturbed.rig, end, () => this.#isSomethingLeft());
  }

  /** Runs the driver, following its advice, until it arrives; null where it does not. `onEnd` is told of every run. */
  async runUntilArrived(disturbed: DisturbedRig, onEnd: (end: DriverEnd) => Promise<void>): Promise<Deed[] | null> {
    const deeds: Deed[] = [];
    for (let tries = 0; tries < 60; tries += 1) {
      const end = await startDriver(disturbed.rig).ended;
      await onEnd(end);
      if (end.exitCode === 0) return deeds;
      deeds.push(await this.follow(disturbed, end));
    }
    return null;
  }

  endAll(): void {
    for (const process of this.#started.values()) endIfStillThere(process);
  }

  #isSomethingLeft(): boolean {
    return [...this.#started.values()].some((process) => !isPlugin(process) && isAlive(process.pid));
  }
}

/** Half of the next runs begin while what was left behind still runs. */
function waitsForTheRest(at: number): boolean {
  return at % 2 === 0;
}

async function provedDead({ part, victim }: Kill, end: DriverEnd): Promise<void> {
  await gone([victim.pid]);
  if (part === "driver") assert.equal(end.signal, "SIGKILL");
  else assert.equal(end.signal, null);
}

async function gone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; pids.some(isAlive); tries += 1) {
    assert.ok(tries < 1200, `still there: ${pids.filter(isAlive).join(", ")}`);
    await sleep(100);
  }
}
