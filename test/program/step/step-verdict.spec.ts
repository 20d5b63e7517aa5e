import assert from "node:assert/strict";
import { judgeStep, type StepAnswer, type StepVerdict } from "../../../lib/program/step/step-verdict.js";

const answer = (outcome: StepAnswer["outcome"], ...codes: string[]): StepAnswer => ({
  outcome,
  reasons: codes.map((code) => ({ code, member: null, message: `${code}.` })),
});
const pass = answer("pass");

describe("what stands in the way of a step", () => {
  const table: [
    title: string,
    answers: StepAnswer[],
    openActs: number,
    end: StepVerdict<never>["end"],
    exitCode: number,
  ][] = [
    ["nothing", [pass, answer("not-applicable", "NOT_APPLICABLE")], 0, "goes-on", 0],
    ["a gate that has not been asked", [answer("will-check")], 0, "goes-on", 0],
    ["what may still pass", [pass, answer("wait", "ROLLOUT_PENDING")], 0, "waits", 5],
    ["what only others clear", [answer("fail", "WINDOW_CLOSED"), answer("wait", "ROLLOUT_PENDING")], 0, "not-now", 5],
    ["the same at the end of its patience", [answer("fail", "PATIENCE", "WINDOW_CLOSED")], 0, "not-now", 5],
    ["a fault", [answer("fail", "LAG"), answer("fail", "WINDOW_CLOSED")], 0, "refused", 3],
    ["a fault beside what only others clear", [answer("fail", "WINDOW_CLOSED", "LAG")], 0, "refused", 3],
    ["what is not known", [answer("unknown", "FORBIDDEN")], 0, "refused", 3],
    ["a failure without a reason", [answer("fail")], 0, "refused", 3],
    ["an open act alone", [pass], 1, "refused", 3],
    ["an open act beside a wait", [answer("wait", "ROLLOUT_PENDING")], 1, "refused", 3],
  ];
  for (const [title, answers, count, end, exitCode] of table) {
    it(`${title}: ${end}`, () => {
      const verdict = judgeStep({ answers, openActs: Array.from({ length: count }) });
      assert.deepEqual([verdict.end, verdict.exitCode], [end, exitCode]);
    });
  }

  it("names what refuses, what is waited for and what has not been asked", () => {
    const [refusing, waiting, unasked] = [answer("unknown", "FORBIDDEN"), answer("wait", "LAG"), answer("will-check")];
    const { against, awaited, ...rest } = judgeStep({ answers: [pass, unasked, waiting, refusing], openActs: [] });
    assert.deepEqual([against, awaited, rest.unasked], [[refusing], [waiting], [unasked]]);
  });
});
