import type { Clock } from "../../lib/base/time/clock.js";

/** A clock that a sleep moves, at once. Short real pauses let other work of the test go on. */
export interface FakeClock extends Clock {
  /** Seconds of each sleep, in order. */
  slept: number[];
}

export function fakeClock(start = Date.parse("2026-01-01T00:00:00Z")): FakeClock {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => Promise.resolve(new Date(now)),
    sleep: (seconds) => {
      slept.push(seconds);
      now += seconds * 1000;
      return Promise.resolve();
    },
  };
}
