import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { isLocked, updateByHand } from "./update-by-hand.js";
import { disturbedRig, onEachEngine, describeEnd, type DisturbedRig } from "./disturbed-rig.js";
import { duringRun, startDriver } from "./driver-process.js";
import { endIfStillThere, processOf, victimOf, type SeenProcess } from "./processes.js";

const lastHop = { from: "4.6.41", to: "4.7.20" };
const time = String.raw`\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})`;

/** Which process an engine's lock names, and what meets it is told. */
const lockedWords = {
  embedded: {
    holder: "driver",
    elsewhere: (pid: number) =>
      new RegExp(`^The state is locked: it is held by process ${pid} on ${hostname()} since `),
    byHand: (pid: number) => new RegExp(`^The state is locked: it is held by process ${pid} on ${hostname()} since `),
  },
  pulumi: {
    holder: "engine",
    elsewhere: lockedBy,
    byHand: (pid: number) => new RegExp(`the stack is currently locked by 1 lock.*\\(pid ${pid}\\)`, "s"),
  },
} as const;

function lockedBy(pid: number): RegExp {
  const who = `${userInfo().username}@${hostname()} \\(process ${pid}\\)`;
  return new RegExp(`^Stack dev is locked by ${who} since ${time}; that process is alive\\.$`);
}

onEachEngine("disturbances, two at once", 1800, (engineName) => {
  let disturbed: DisturbedRig;
  const stopped: (() => void)[] = [];
  afterEach(async () => {
    for (const end of stopped.splice(0)) end();
    await disturbed?.rig.dispose();
  });

  /** Holds a process still, so that nothing of what follows is a race with it. */
  function hold(held: SeenProcess): () => void {
    process.kill(held.pid, "SIGSTOP");
    stopped.push(() => endIfStillThere(held));
    return () => void process.kill(held.pid, "SIGCONT");
  }

  /** Another checkout's driver: past the first one's own lock, up to the engine's. */
  function elsewhere(): ReturnType<DisturbedRig["up"]> {
    const projectDir = join(disturbed.rig.projectDir, "elsewhere");
    mkdirSync(projectDir);
    const openStack: DisturbedRig["shell"]["openStack"] = async (...asked) => ({
      ...(await disturbed.shell.openStack(...asked)),
      projectDir,
    });
    return disturbed.up({}, { openStack, host: hostname() });
  }

  it("two drivers at once: the second is told who drives, one from elsewhere and an update by hand meet the lock, the first arrives", async () => {
    disturbed = await disturbedRig(engineName, lastHop);
    const { rig, moment } = disturbed;
    const words = lockedWords[engineName];
    const first = startDriver(rig);
    await duringRun(
      first,
      moment(() => isLocked(rig)),
    );
    const holder = victimOf(words.holder, first.pid)!;
    const letGo = hold(holder);

    await assert.rejects(disturbed.up(), (error: { code: string; exitCode: number; message: string }) => {
      assert.deepEqual([error.code, error.exitCode], ["STACK_LOCKED", 5]);
      const who = `process ${first.pid} on ${hostname()} since ${time}`;
      assert.match(error.message, new RegExp(`^Stack dev is driven already, by ${who}\\.$`));
      return true;
    });
    const other = await elsewhere();
    assert.deepEqual([other.outcome, other.exitCode, other.refusals[0]?.code], ["not-now", 5, "STACK_LOCKED"]);
    assert.match(other.refusals[0]!.message, words.elsewhere(holder.pid));
    assert.match(other.refusals[0]!.next ?? "", /^Wait until that run has ended/);
    const byHand = await updateByHand(rig).ended;
    assert.equal(byHand.ok, false);
    assert.match(byHand.said, words.byHand(holder.pid));

    assert.ok(isLocked(rig), "nobody took the lock away");
    assert.deepEqual(await rig.history(), ["1 deployed 4.6.41"]);
    letGo();
    const { exitCode, result } = await first.ended;
    assert.deepEqual([exitCode, result?.outcome], [0, "done"], JSON.stringify(result));
    assert.deepEqual(await rig.history(), ["1 superseded 4.6.41", "2 deployed 4.7.20"]);
    await disturbed.check();
    assert.deepEqual((await disturbed.reaches("4.7.20")).updates, []);
  });

  if (engineName === "pulumi") {
    it("a driver that comes while somebody updates by hand waits for that one, and goes on behind it", async () => {
      disturbed = await disturbedRig(engineName, lastHop);
      const { rig, moment, run } = disturbed;
      const byHand = updateByHand(rig);
      const end = await Promise.race([moment(() => isLocked(rig)), byHand.ended]);
      assert.ok(end === undefined, end?.said);
      const letGo = hold(processOf(byHand.pid!)!);
      const met = await disturbed.up({}, { host: hostname() });
      assert.deepEqual([met.outcome, met.exitCode, met.updates], ["not-now", 5, []], describeEnd(met));
      assert.match(met.refusals[0]!.message, lockedBy(byHand.pid!));
      assert.equal(met.refusals[0]!.next, "Wait until that run has ended, then run the same command again.");
      letGo();
      const { ok, said } = await byHand.ended;
      assert.ok(ok, said);
      const behind = await run();
      assert.deepEqual(
        [behind.outcome, behind.updates.map(({ step, to }) => `${step} ${to}`)],
        ["done", ["hop 4.7.20"]],
        describeEnd(behind),
      );
    });
  }
});
