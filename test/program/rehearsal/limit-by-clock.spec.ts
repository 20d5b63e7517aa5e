import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { type Clock } from "../../../lib/base/time/clock.js";
import { limitTime, type LimitTime } from "../../../lib/base/time/limit-time.js";
import { createClockLimit } from "../../../lib/program/rehearsal/limit-by-clock.js";

const tooLate = new Error("too late");

/** A clock that each sleep moves at once, by `factor` times the seconds asked for. */
function jumpingClock(factor: number): Clock {
  let now = 0;
  return {
    now: () => Promise.resolve(new Date(now)),
    sleep: (seconds) => {
      now += seconds * 1000 * factor;
      return Promise.resolve();
    },
  };
}

/** An answer after `milliseconds` of real time, unless it is aborted. */
const answerAfter =
  (milliseconds: number) =>
  (signal: AbortSignal): Promise<string> =>
    wait(milliseconds, "answer", { signal }).catch(() => {
      throw signal.reason;
    });

const limits: [title: string, limit: LimitTime, seconds: number][] = [
  ["the machine's time", limitTime, 0.1],
  ["a clock that jumps", createClockLimit(jumpingClock(1)), 900],
];
for (const [title, limit, seconds] of limits) {
  describe(`a time limit by ${title}`, () => {
    it("lets an answer in time through", async () => {
      assert.equal(await limit(seconds, tooLate, () => Promise.resolve("answer")), "answer");
    });

    it("ends with the given error what takes longer", async () => {
      await assert.rejects(limit(seconds, tooLate, answerAfter(5000)), tooLate);
    });

    it("passes on the error of what ends in time", async () => {
      const fault = new Error("refused");
      await assert.rejects(
        limit(seconds, tooLate, () => Promise.reject(fault)),
        fault,
      );
    });
  });
}

describe("a time limit by a clock that jumps", () => {
  it("lets an answer through that was in transit when the clock jumped", async () => {
    assert.equal(await createClockLimit(jumpingClock(1))(900, tooLate, answerAfter(60)), "answer");
  });

  it("ends an answer that the clock shows to be late", async () => {
    await assert.rejects(createClockLimit(jumpingClock(2))(900, tooLate, answerAfter(60)), tooLate);
  });

  it("ends with the fault of the clock itself", async () => {
    const fault = new Error("the clock is gone");
    const gone: Clock = { now: () => Promise.reject(fault), sleep: () => Promise.resolve() };
    await assert.rejects(createClockLimit(gone)(900, tooLate, answerAfter(5000)), fault);
  });
});
