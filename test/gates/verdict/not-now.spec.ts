import assert from "node:assert/strict";
import { isNotNow } from "../../../lib/gates/verdict/not-now.js";
import { runGate } from "../../../lib/gates/run/runner.js";
import type { Gate, Outcome, Verdict } from "../../../lib/gates/verdict/types.js";
import { FakeClock, inputFor } from "../fake-site.js";

function waiting(codes: readonly string[][], outcome: Outcome = "wait"): Gate & { taken: () => number } {
  let taken = 0;
  return {
    name: "ingress",
    timing: { deadlineSeconds: 1000, intervalSeconds: 30, samples: 1 },
    recheck: "start-only",
    taken: () => taken,
    sample: async () => {
      const found = codes[Math.min(taken, codes.length - 1)]!;
      taken += 1;
      const reasons = found.map((code) => ({ code, member: null, message: `${code} it is.` }));
      return Promise.resolve({
        gate: "ingress",
        outcome: found.length === 0 ? "pass" : outcome,
        reasons,
        observed: null,
      });
    },
  };
}

describe("patience", () => {
  it("ends a gate that only waits for DNS when it is over, as not now", async () => {
    const report = await runGate(waiting([["INGRESS_NOT_CUT_OVER"]]), inputFor(), { maxWaitSeconds: 100 });

    assert.deepEqual(
      report.reasons.map(({ code, message }) => `${code}: ${message}`),
      [
        "PATIENCE: Nothing but DNS is waited for, and no longer than 100 s (--patience), so that no lock is held. Run the same command again when it is so.",
        "INGRESS_NOT_CUT_OVER: INGRESS_NOT_CUT_OVER it is.",
      ],
    );
    assert.equal(report.finishedAt, "2026-01-31T08:01:40.000Z");
    assert.equal(isNotNow(report), true);
  });

  const dns = ["INGRESS_NOT_CUT_OVER"];
  const table: [
    title: string,
    codes: string[][],
    patienceSeconds: number | null,
    code: string | null,
    samples: number,
  ][] = [
    ["none at all ends it with the first look", [dns], 0, "PATIENCE", 1],
    ["no patience set: until the deadline", [dns], null, "DEADLINE", 35],
    [
      "what also waits for something else is waited for until the deadline",
      [[...dns, "ROLLOUT_PENDING"]],
      0,
      "DEADLINE",
      35,
    ],
    ["it begins anew after something else was missing", [dns, ["ROLLOUT_PENDING"], dns, dns, []], 60, null, 5],
    ["a cut-over within patience passes", [dns, dns, []], 100, null, 3],
  ];
  for (const [title, codes, patienceSeconds, code, samples] of table) {
    it(title, async () => {
      const report = await runGate(waiting(codes), inputFor(), { maxWaitSeconds: patienceSeconds });
      assert.deepEqual([report.reasons[0]?.code ?? null, report.samples], [code, samples]);
    });
  }

  it("what somebody has accepted is waited for until the deadline and then passes, never before", async () => {
    const clock = new FakeClock();
    const accept = <V extends Verdict>(verdict: V): V =>
      verdict.outcome === "fail" ? { ...verdict, outcome: "pass" } : verdict;
    const report = await runGate(waiting([dns]), inputFor({ clock }), { maxWaitSeconds: 0, accept });

    assert.deepEqual([report.outcome, report.samples], ["pass", 35]);
  });

  it("a fail that is accepted still needs its row of passing samples, and an unaccepted one of them ends it", async () => {
    const gate = { ...waiting([["A"]], "fail"), timing: { deadlineSeconds: 1000, intervalSeconds: 30, samples: 3 } };
    const accept = <V extends Verdict>(verdict: V): V =>
      verdict.outcome === "fail" && verdict.reasons.every(({ code }) => code === "A")
        ? { ...verdict, outcome: "pass" }
        : verdict;
    assert.deepEqual(await outcomeOf(runGate(gate, inputFor(), { accept })), ["pass", 3]);

    const broken = { ...gate, ...waiting([["A"], ["A", "B"]], "fail"), timing: gate.timing };
    assert.deepEqual(await outcomeOf(runGate(broken, inputFor(), { accept })), ["fail", 2]);
  });

  async function outcomeOf(run: ReturnType<typeof runGate>): Promise<[string, number]> {
    const { outcome, samples } = await run;
    return [outcome, samples];
  }
});

describe("not now", () => {
  const report = (outcome: Outcome, ...codes: string[]): Pick<Verdict, "outcome" | "reasons"> => ({
    outcome,
    reasons: codes.map((code) => ({ code, member: null, message: "" })),
  });
  const table: [string, Pick<Verdict, "outcome" | "reasons">, boolean][] = [
    ["somebody else's upgrade", report("fail", "DEADLINE", "RELEASE_PENDING"), true],
    ["a person and DNS", report("fail", "PCG_PROFILE_UPDATE_PENDING", "INGRESS_NOT_CUT_OVER", "NOTE"), true],
    ["a fault beside them", report("fail", "PCG_PROFILE_UPDATE_PENDING", "PCG_UNHEALTHY"), false],
    ["nothing named", report("fail", "DEADLINE"), false],
    ["a pass", report("pass", "RELEASE_PENDING"), false],
  ];
  for (const [title, found, expected] of table) it(title, () => assert.equal(isNotNow(found), expected));
});
