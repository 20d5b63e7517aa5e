import assert from "node:assert/strict";
import fc from "fast-check";
import { PacedTime } from "../../lib/cluster/paced-time.js";

const real = Date.parse("2026-01-01T00:00:00.000Z");
const model = Date.parse("2026-06-01T00:00:00.000Z");

describe("paced time", () => {
  it("a quarter of an hour of the model passes in 15 seconds at pace 60", () => {
    let now = real;
    const time = new PacedTime({ model, real }, 60, () => now);
    now += 15_000;
    assert.equal(time.getModelTime() - model, 15 * 60_000);
  });

  it("times in an answer become the cluster's; other texts and kinds stay", () => {
    const time = new PacedTime({ model, real }, 60, () => real);
    const body = {
      at: "2026-06-01T00:10:00.000Z",
      name: "2026",
      list: [{ beat: "2026-05-31T23:59:00Z" }],
      n: 1,
      none: null,
    };
    assert.deepEqual(time.toRealTimes(body), {
      at: "2026-01-01T00:00:10.000Z",
      name: "2026",
      list: [{ beat: "2025-12-31T23:59:59.000Z" }],
      n: 1,
      none: null,
    });
  });

  it("what is now in the model is now in the cluster, at any pace and moment", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 10_000_000 }), (pace, passed) => {
        const time = new PacedTime({ model, real }, pace, () => real + passed);
        const reported = time.toRealTimes(new Date(time.getModelTime()).toISOString());
        assert.ok(Math.abs(Date.parse(reported) - (real + passed)) <= 1);
      }),
    );
  });
});
