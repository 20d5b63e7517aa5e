import assert from "node:assert/strict";
import { type EngineRun } from "../../lib/engine/engine.js";
import { toRunEnding } from "../../lib/driver/ending.js";

const run: EngineRun = { ok: false, interrupted: false, steps: [], diagnostics: [], outputs: {} };
const failure = { code: "GATE_REFUSED", next: null, exitCode: 3 };

function report(code: string, outcome = "fail"): string {
  const reasons = [{ code, member: null, message: `${code}.` }];
  return JSON.stringify({ gate: "window", outcome, when: "before", from: "4.6.41", to: "4.7.20", reasons });
}

describe("what a failed run means", () => {
  const cases: [string, string, [string, number, number, string[]]][] = [
    [
      "gates judged again in the program, and only time is waited for",
      `Release hubble does not move:\n${report("WINDOW_CLOSED")}`,
      ["not-now", 5, 1, []],
    ],
    [
      "one of them found a fault",
      `Release hubble does not move:\n${report("WINDOW_CLOSED")}\n${report("MEMBER_STATE")}`,
      ["refused", 3, 2, []],
    ],
    [
      "one that passed is not what stopped it",
      `Release hubble does not move:\n${report("NOTE", "pass")}\n${report("WINDOW_CLOSED")}`,
      ["not-now", 5, 1, []],
    ],
    ["a refusal of the program's own", "NOT_THIS_HOP", ["refused", 3, 0, ["GATE_REFUSED"]]],
  ];
  for (const [title, message, expected] of cases) {
    it(title, () => {
      const { outcome, exitCode, gates, refusals } = toRunEnding(run, { ...failure, message });
      assert.deepEqual([outcome, exitCode, gates.length, refusals.map(({ code }) => code)], expected);
    });
  }
});
