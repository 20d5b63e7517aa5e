import assert from "node:assert/strict";
import { createRequestBudget } from "../../../lib/site/palette/request-budget.js";
import { fakeClock } from "../fake-clock.js";

async function take(count: number, budget: ReturnType<typeof createRequestBudget>): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => budget.take()));
}

describe("the budget of requests", () => {
  it("lets a burst pass, then eight a second", async () => {
    const clock = fakeClock();
    const budget = createRequestBudget(clock);
    await take(20, budget);
    assert.equal(clock.slept.length, 0);
    await take(40, budget);
    const waited = clock.slept.reduce((sum, seconds) => sum + seconds, 0);
    assert.ok(Math.abs(waited - 5) < 0.01, `${waited} s`);
  });

  it("fills up again while nothing is asked, to the burst and no further", async () => {
    const clock = fakeClock();
    const budget = createRequestBudget(clock, { burst: 3, perSecond: 1 });
    await take(3, budget);
    await clock.sleep(3600);
    await take(3, budget);
    assert.deepEqual(clock.slept, [3600]);
    await budget.take();
    assert.equal(clock.slept.length, 2);
  });

  it("a clock that fails once does not stop what comes after", async () => {
    const clock = fakeClock();
    let broken = true;
    const budget = createRequestBudget({
      ...clock,
      now: () => (broken ? Promise.reject(new Error("gone")) : clock.now()),
    });
    await assert.rejects(budget.take(), /gone/);
    broken = false;
    await budget.take();
  });
});
