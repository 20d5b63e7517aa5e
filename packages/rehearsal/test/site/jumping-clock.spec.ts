import assert from "node:assert/strict";
import { JumpingClock } from "../../lib/site/jumping-clock.js";

const start = Date.parse("2026-01-01T00:00:00Z");

/** Resolves with the site's seconds since the start at which the sleeper was woken. */
function slept(clock: JumpingClock, seconds: number): Promise<number> {
  return new Promise((resolve) => clock.sleep(seconds, () => resolve((clock.now() - start) / 1000)));
}

function realMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe("the simulated site's clock", () => {
  it("goes on at the pace of real time while nobody sleeps", async () => {
    const clock = new JumpingClock(start);
    await realMs(40);
    const passed = clock.now() - start;
    assert.ok(passed >= 35 && passed < 2000, `${passed} ms passed`);
  });

  it("jumps to a lone sleeper's wake-up in far less than that time", async () => {
    const began = performance.now();
    const woken = await slept(new JumpingClock(start), 900);
    assert.ok(woken >= 900 && woken < 902, `woken at ${woken} s`);
    assert.ok(performance.now() - began < 1000);
  });

  it("wakes concurrent sleepers in order and never jumps past the earliest", async () => {
    const clock = new JumpingClock(start);
    const order: string[] = [];
    const note = async (name: string, seconds: number): Promise<number> => {
      const at = await slept(clock, seconds);
      order.push(name);
      return at;
    };
    const woken = await Promise.all([note("late", 3600), note("early", 10), note("middle", 60)]);
    assert.deepEqual(order, ["early", "middle", "late"]);
    for (const [index, seconds] of [3600, 10, 60].entries()) {
      assert.ok(woken[index]! >= seconds && woken[index]! < seconds + 2, `${seconds} s woke at ${woken[index]}`);
    }
  });

  it("does not jump while a request is being answered", async () => {
    const clock = new JumpingClock(start);
    const release = clock.blockJumps();
    let woken = false;
    void slept(clock, 600).then(() => (woken = true));
    await realMs(60);
    assert.equal(woken, false);
    assert.ok(clock.now() - start < 5000);
    release();
    await realMs(60);
    assert.equal(woken, true);
  });

  it("a short sleep ends by real time even while a request is being answered", async () => {
    const clock = new JumpingClock(start);
    clock.blockJumps();
    const woken = await slept(clock, 0.03);
    assert.ok(woken >= 0.03 && woken < 2, `woken at ${woken} s`);
  });

  it("releasing twice frees only once", async () => {
    const clock = new JumpingClock(start);
    const first = clock.blockJumps();
    clock.blockJumps();
    first();
    first();
    let woken = false;
    void slept(clock, 600).then(() => (woken = true));
    await realMs(50);
    assert.equal(woken, false);
    clock.stop();
  });

  it("a sleep that was given up pulls time nowhere", async () => {
    const clock = new JumpingClock(start);
    clock.sleep(600, () => assert.fail("woken after it was given up"))();
    await realMs(50);
    assert.ok(clock.now() - start < 5000);
  });

  it("tells each jump's new time", async () => {
    const jumps: number[] = [];
    const clock = new JumpingClock(start, (now) => jumps.push(now));
    await slept(clock, 30);
    await slept(clock, 30);
    assert.equal(jumps.length, 2);
    assert.ok(jumps[1]! - jumps[0]! >= 30_000);
  });
});
