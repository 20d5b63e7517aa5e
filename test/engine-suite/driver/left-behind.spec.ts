import assert from "node:assert/strict";
import { hostname, userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnectOptions } from "../../../lib/program/rehearsal/connect-options.js";
import { acceptHop, disturbedRig, onEachEngine, describeEnd, type DisturbedRig } from "./disturbed-rig.js";
import { duringRun, startDriver } from "./driver-process.js";
import { isMoving, siteEvidence } from "./evidence.js";
import { deleteCutOffAttributes, followLockAdvice, followStuckAdvice } from "./enforce.js";
import { endFamily, endIfStillThere, isAlive, isProviderOfReleases, type SeenProcess } from "./processes.js";
import { isLocked } from "./update-by-hand.js";

const twoHops = { from: "4.6.36", to: "4.7.20" };
const otherTarget = "4.6.43";
const releaseTimeoutSeconds = 3600;

onEachEngine("left behind", 1800, (engineName) => {
  let disturbed: DisturbedRig;
  const started: SeenProcess[] = [];
  afterEach(async () => {
    for (const process of started.splice(0)) endIfStillThere(process);
    await disturbed?.rig.dispose();
  });

  async function enrolled(): Promise<DisturbedRig> {
    disturbed = await disturbedRig(engineName, twoHops, { charts: [otherTarget] });
    await disturbed.run({ to: twoHops.from });
    return disturbed;
  }

  /**
   * A driver of which nothing is left, as where the machine fails, but for what is spared: that is held still. The site
   * answers from this very thread, so Helm gets no further until it is. What is stopped before the last thread of its
   * engine is gone, the kernel ends (SIGHUP to a process group that loses its last parent outside while a member is
   * stopped).
   */
  async function brokenOff(
    { rig, moment }: DisturbedRig,
    is: () => boolean,
    isSpared?: (process: SeenProcess) => boolean,
  ): Promise<SeenProcess[]> {
    const driver = startDriver(rig);
    await duringRun(driver, moment(is));
    const { spared, ended } = endFamily(driver.pid, isSpared);
    started.push(...spared, ...ended);
    for (const { pid } of spared) process.kill(pid, "SIGSTOP");
    await driver.ended;
    deleteCutOffAttributes(rig);
    return spared;
  }

  /** On the real engine the lock stays, is explained and goes only by a person's `pulumi cancel`. */
  async function lockIsLeft(lines: readonly RegExp[]): Promise<void> {
    const { rig } = disturbed;
    if (engineName === "embedded") return;
    const locked = await disturbed.up({}, { host: hostname() });
    assert.deepEqual([locked.outcome, locked.exitCode, locked.updates], ["not-now", 5, []], describeEnd(locked));
    const [refusal] = locked.refusals;
    const who = `${userInfo().username}@${hostname()} \\(process \\d+\\) since \\S+`;
    assert.match(
      refusal!.message,
      new RegExp(`^Stack dev is locked by ${who}; that process is gone: the run was killed and left its lock\\.$`),
    );
    for (const line of lines) assert.match(refusal!.next ?? "", line);
    assert.match(refusal!.next!.split("\n").at(-1)!, /take the lock away with "pulumi cancel --stack dev"/);
    assert.ok(isLocked(rig), "it is not broken");
    await disturbed.check();
  }

  async function takeLockAway(): Promise<void> {
    if (engineName === "pulumi") await followLockAdvice(disturbed.rig, { message: "that process is gone" });
  }

  const firstPending =
    /^First the pending revision: release "[\w-]+" in namespace "[\w-]+", revision \d+ \(pending-upgrade\)/;

  it("Helm gone with all else while a release moved: first wait, then the remedy that fits what runs, then on", async () => {
    const { rig, run, reaches } = await enrolled();
    await brokenOff(disturbed, () => isMoving(rig.model()));
    await lockIsLeft([firstPending]);
    await takeLockAway();

    const pending = await run();
    assert.deepEqual([pending.outcome, pending.exitCode, pending.updates], ["not-now", 5, []], describeEnd(pending));
    assert.equal(pending.refusals[0]?.code, "RELEASE_PENDING");
    assert.match(
      pending.refusals[0].message,
      /^Release "[\w-]+" in namespace "[\w-]+" has revision \d+ \(pending-upgrade\) for \S+, begun \d+ s ago: someone is upgrading now, or a killed run's Helm is still at work\.$/,
    );
    await createConnectOptions(rig.site.environment).clock.sleep(releaseTimeoutSeconds);
    const stuck = await run();
    assert.deepEqual([stuck.outcome, stuck.exitCode, stuck.updates], ["refused", 3, []], describeEnd(stuck));
    assert.equal(stuck.refusals[0]?.code, "RELEASE_STUCK");
    assert.ok(["rolled back", "support called"].includes(String(await followStuckAdvice(rig, stuck.refusals[0]))));
    await reaches("4.7.20");
  });

  it("a set half moved is finished first, whatever the target is now", async () => {
    const { rig, run, reaches } = await enrolled();
    await brokenOff(disturbed, () => {
      const { releases } = siteEvidence(rig.model());
      const marked = Object.values(releases).some((list) => list.at(-1)?.description === "Palette 4.6.41");
      return marked && !isMoving(rig.model()) && releases["default/hubble"]!.length === 1;
    });
    assert.deepEqual(await rig.history(), ["1 deployed 4.6.36"]);
    await lockIsLeft([]);
    await takeLockAway();
    rig.set("target", otherTarget);
    await rig.preview();
    const { step } = rig.report();
    assert.deepEqual(step, {
      kind: "hop",
      from: "4.6.36",
      destination: "4.6.41",
      resuming: true,
      declareReleases: true,
    });
    assert.deepEqual((await run()).refusals[0]?.code, "HOP_IN_PROGRESS");
    rig.set("accept", acceptHop("4.6.36->4.6.41"));
    const finished = await run({ maxHops: 1 });
    assert.deepEqual([finished.applied, finished.remaining], ["4.6.41", [otherTarget]], describeEnd(finished));
    await reaches(otherTarget);
  });

  if (engineName === "pulumi") {
    it("the provider, and Helm in it, still at work: it is named, waited for, and its work taken up", async () => {
      const { rig, reaches } = await enrolled();
      const spared = await brokenOff(disturbed, () => isMoving(rig.model()), isProviderOfReleases);
      assert.equal(spared.length, 1);
      const [provider] = spared;
      const named = new RegExp(`The killed run's provider still runs here \\(process [\\d, ]*\\b${provider!.pid}\\b`);
      await lockIsLeft([firstPending, named]);
      process.kill(provider!.pid, "SIGCONT");
      for (let tries = 0; isMoving(rig.model()); tries += 1) {
        assert.ok(tries < 600, "Helm does not end");
        await sleep(100);
      }
      // Idle, it takes minutes to end by itself.
      endIfStillThere(provider!);
      while (isAlive(provider!.pid)) await sleep(50);
      const behind = await disturbed.up({}, { host: hostname() });
      assert.doesNotMatch(behind.refusals[0]?.next ?? "", /pending revision/);
      assert.doesNotMatch(behind.refusals[0]?.next ?? "", named);
      await takeLockAway();
      await reaches("4.7.20");
      const moves = Object.values(siteEvidence(rig.model()).releases).map((list) =>
        list.filter(({ description }) => description === "Palette 4.6.41").map(({ status }) => status),
      );
      assert.ok(
        moves.flat().every((status) => status === "superseded"),
        JSON.stringify(moves),
      );
    });
  }
});
