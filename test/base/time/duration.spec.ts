import assert from "node:assert/strict";
import fc from "fast-check";
import { formatCompactDuration, parseDuration } from "../../../lib/base/time/duration.js";

const howTo = 'write a duration with its unit, e.g. "90s", "15m" or "1h30m"';

describe("durations as people write them", () => {
  const read: [text: string, seconds: number][] = [
    ["90s", 90],
    ["15m", 900],
    ["24h", 86_400],
    ["1h30m", 5400],
    ["7d", 604_800],
    ["1d2h3m4s5ms", 93_784.005],
    ["500ms", 0.5],
    ["1m500ms", 60.5],
    ["0s", 0],
    ["366d", 31_622_400],
  ];
  for (const [text, seconds] of read) {
    it(`${text} is ${seconds} s`, () => assert.equal(parseDuration(text), seconds));
  }

  const refused: [text: string, message: string][] = [
    ...["", "10", "s", "-5m", "+5m", "1.5h", "NaN", "Infinity", "1e3s", " 5m", "5 m", "5M", "5min", "five"].map(
      (text): [string, string] => [text, howTo],
    ),
    ["30m1h", howTo],
    ["1h1h", howTo],
    ["367d", 'write a duration of at most "366d"'],
    [`${"9".repeat(400)}s`, 'write a duration of at most "366d"'],
  ];
  for (const [text, message] of refused) {
    it(`refuses "${text.slice(0, 20)}"`, () =>
      assert.throws(() => parseDuration(text), { name: "RangeError", message }));
  }

  const written: [seconds: number, text: string][] = [
    [90, "1m30s"],
    [900, "15m"],
    [86_400, "24h"],
    [2 * 86_400 - 1, "47h59m59s"],
    [2 * 86_400, "2d"],
    [5400, "1h30m"],
    [0.5, "500ms"],
    [0, "0s"],
  ];
  for (const [seconds, text] of written) {
    it(`${seconds} s are written ${text}`, () => assert.equal(formatCompactDuration(seconds), text));
  }

  it("every duration to the millisecond is read as it was written", () => {
    const milliseconds = fc.integer({ min: 0, max: 366 * 86_400_000 });
    fc.assert(
      fc.property(milliseconds, (count) => {
        assert.equal(parseDuration(formatCompactDuration(count / 1000)), count / 1000);
      }),
    );
  });
});
