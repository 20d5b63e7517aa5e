import assert from "node:assert/strict";
import fc from "fast-check";
import { PaletteError } from "../../../lib/base/errors/errors.js";
import { formatProgress, runGate, type GateProgress } from "../../../lib/gates/run/runner.js";
import type { Gate, Outcome, Verdict } from "../../../lib/gates/verdict/types.js";
import { FakeClock, inputFor } from "../fake-site.js";

/** A gate that gives the outcomes in order and then the last one for ever; deadline 100 s, a look every 10 s. */
function scripted(outcomes: readonly (Outcome | "transient" | "bug")[], samples = 1): Gate & { taken: () => number } {
  let taken = 0;
  return {
    name: "values",
    timing: { deadlineSeconds: 100, intervalSeconds: 10, samples },
    recheck: "start-only",
    taken: () => taken,
    sample: async () => {
      const step = outcomes[Math.min(taken, outcomes.length - 1)]!;
      taken += 1;
      if (step === "bug") throw new TypeError("x is not a function");
      return Promise.resolve(verdict(step));
    },
  };
}

function verdict(step: Outcome | "transient"): Verdict {
  const outcome = step === "transient" ? "unknown" : step;
  const reasons =
    outcome === "pass" ? [] : [{ code: outcome.toUpperCase(), member: "m", message: `It is ${outcome}.` }];
  return step === "transient"
    ? { gate: "values", outcome, reasons, observed: null, transient: true }
    : { gate: "values", outcome, reasons, observed: {} };
}

describe("runGate", () => {
  const table: [
    string,
    (Outcome | "transient" | "bug")[],
    number,
    { outcome: string; codes: string[]; samples: number },
  ][] = [
    ["one pass is enough where one is asked for", ["pass"], 1, { outcome: "pass", codes: [], samples: 1 }],
    ["three passes in a row", ["pass"], 3, { outcome: "pass", codes: [], samples: 3 }],
    ["a wait breaks the row", ["pass", "pass", "wait", "pass"], 3, { outcome: "pass", codes: [], samples: 6 }],
    ["a wait is asked again", ["wait", "wait", "pass"], 1, { outcome: "pass", codes: [], samples: 3 }],
    ["a fail stops at once", ["fail", "pass"], 1, { outcome: "fail", codes: ["FAIL"], samples: 1 }],
    ["a fail after waits stops at once", ["wait", "fail", "pass"], 1, { outcome: "fail", codes: ["FAIL"], samples: 2 }],
    ["an unknown stops at once", ["unknown", "pass"], 1, { outcome: "unknown", codes: ["UNKNOWN"], samples: 1 }],
    ["a passing fault is asked again", ["transient", "pass"], 1, { outcome: "pass", codes: [], samples: 2 }],
    [
      "a passing fault that stays is unknown",
      ["transient"],
      1,
      { outcome: "unknown", codes: ["UNKNOWN"], samples: 10 },
    ],
    ["a wait at the deadline fails", ["wait"], 1, { outcome: "fail", codes: ["DEADLINE", "WAIT"], samples: 11 }],
    [
      "passes never in a row",
      ["pass", "wait", "pass", "wait", "pass", "wait", "pass", "wait", "pass", "wait", "pass"],
      2,
      { outcome: "fail", codes: ["DEADLINE"], samples: 11 },
    ],
    ["a bug is unknown, never a pass", ["bug", "pass"], 1, { outcome: "unknown", codes: ["GATE_ERROR"], samples: 1 }],
  ];
  for (const [title, outcomes, samples, expected] of table) {
    it(title, async () => {
      const report = await runGate(scripted(outcomes, samples), inputFor());

      const { outcome, reasons } = report;
      assert.deepEqual({ outcome, codes: reasons.map(({ code }) => code), samples: report.samples }, expected);
    });
  }

  it("nothing that answers is given up after ten minutes, whatever the deadline, and said", async () => {
    const gate = {
      ...scripted(["wait", "transient"]),
      timing: { deadlineSeconds: 3600, intervalSeconds: 60, samples: 1 },
    };
    const report = await runGate(gate, inputFor());
    assert.deepEqual([report.outcome, report.samples, report.finishedAt], ["unknown", 12, "2026-01-31T08:11:00.000Z"]);
    assert.deepEqual(report.reasons, [
      { code: "UNKNOWN", member: "m", message: "It is unknown." },
      {
        code: "NOTE",
        member: null,
        message:
          "Nothing has answered since 2026-01-31T08:01:00.000Z, so the gate was given up before its deadline (3600 s, until 2026-01-31T09:00:00.000Z). Run the same command again once it answers.",
      },
      { code: "NOTE", member: "m", message: "When the site last answered, at 2026-01-31T08:00:00.000Z: It is wait." },
    ]);
  });

  it("negative twin: an answer in between begins the ten minutes anew", async () => {
    const silent = Array<"transient">(9).fill("transient");
    const gate = {
      ...scripted([...silent, "wait", ...silent, "pass"]),
      timing: { deadlineSeconds: 3600, intervalSeconds: 60, samples: 1 },
    };
    assert.deepEqual([(await runGate(gate, inputFor())).outcome, gate.taken()], ["pass", 20]);
  });

  it("silence at the deadline does not hide what was missing when the site last answered", async () => {
    const report = await runGate(scripted(["wait", "wait", "transient"]), inputFor());
    assert.equal(report.outcome, "unknown");
    assert.deepEqual(
      report.reasons.map(({ code, member, message }) => [code, member, message]),
      [
        ["UNKNOWN", "m", "It is unknown."],
        ["NOTE", "m", "When the site last answered, at 2026-01-31T08:00:10.000Z: It is wait."],
      ],
    );
  });

  it("nor does it hide who could not be asked while others answered", async () => {
    const gate = scripted(["pass"]);
    let taken = 0;
    const reasons = [{ code: "MEMBER_UNASKED", member: "mongo-2", message: "mongo-2 could not be asked." }];
    const partly: Verdict = { gate: "values", outcome: "unknown", reasons, observed: {}, transient: true };
    gate.sample = () => Promise.resolve((taken += 1) === 1 ? partly : verdict("transient"));
    const report = await runGate(gate, inputFor());
    assert.deepEqual(
      report.reasons.map(({ message }) => message),
      ["It is unknown.", "When the site last answered, at 2026-01-31T08:00:00.000Z: mongo-2 could not be asked."],
    );
  });

  it("says at the deadline how long it was and that the reasons below still held", async () => {
    const report = await runGate(scripted(["wait"]), inputFor());

    assert.deepEqual(report.reasons, [
      {
        code: "DEADLINE",
        member: null,
        message: "The deadline (100 s, until 2026-01-31T08:01:40.000Z) is over: what is named below was still not so.",
      },
      { code: "WAIT", member: "m", message: "It is wait." },
    ]);
    assert.equal(report.startedAt, "2026-01-31T08:00:00.000Z");
    assert.equal(report.finishedAt, "2026-01-31T08:01:40.000Z");
  });

  it("one look decides a single run: a wait fails, a pass needs no second", async () => {
    const waiting = await runGate(scripted(["wait"]), inputFor(), { single: true });
    const passing = await runGate(scripted(["pass"], 3), inputFor(), { single: true });

    assert.deepEqual([waiting.outcome, waiting.reasons[0]?.code, waiting.samples], ["fail", "NOT_YET", 1]);
    assert.deepEqual([passing.outcome, passing.samples], ["pass", 1]);
  });

  it("what does not apply needs no second look", async () => {
    const gate = scripted(["pass"], 3);
    const idle: Gate = {
      ...gate,
      sample: async () =>
        Promise.resolve({ ...verdict("pass"), reasons: [{ code: "NOT_APPLICABLE", member: null, message: "No." }] }),
    };

    assert.equal((await runGate(idle, inputFor())).samples, 1);
  });

  it("passes with another stable key do not make a row", async () => {
    let look = 0;
    const gate: Gate = { ...scripted(["pass"], 2), stableKey: () => ["a", "b", "b"][look++] ?? "b" };

    assert.equal((await runGate(gate, inputFor())).samples, 3);
  });

  it("tells what is missing, since when and until when, and forgets what has gone", async () => {
    const seen: GateProgress[] = [];

    await runGate(scripted(["wait", "wait", "pass"], 2), inputFor(), { onProgress: (progress) => seen.push(progress) });

    assert.deepEqual(seen.map(formatProgress), [
      "values: waiting until 08:01:40Z at the latest: It is wait. (since 08:00:00Z)",
      "values: waiting until 08:01:40Z at the latest: It is wait. (since 08:00:00Z)",
      "values: good, 1 of 2 samples in a row (until 08:01:40Z)",
    ]);
  });

  it("is interrupted at once, with a sample that never ends", async () => {
    const controller = new AbortController();
    const gate: Gate = { ...scripted(["pass"]), sample: () => new Promise(() => undefined) };
    const run = runGate(gate, inputFor(), { signal: controller.signal });
    controller.abort();

    await assert.rejects(
      run,
      (error: unknown) => error instanceof PaletteError && error.code === "INTERRUPTED" && error.exitCode === 130,
    );
  });

  it("is interrupted while it waits between looks", async () => {
    const controller = new AbortController();
    const clock = { now: () => Promise.resolve(new Date()), sleep: () => new Promise<void>(() => undefined) };
    const run = runGate(scripted(["wait"]), inputFor({ clock }), {
      signal: controller.signal,
      onProgress: () => setImmediate(() => controller.abort()),
    });

    await assert.rejects(run, /Interrupted/);
  });

  it("gives up a look that takes too long and says so", async () => {
    const gate: Gate = { ...scripted(["pass"]), sample: () => new Promise(() => undefined) };

    const report = await runGate(gate, inputFor(), { sampleLimitSeconds: 0.001 });

    assert.deepEqual([report.outcome, report.reasons[0]?.code], ["unknown", "SAMPLE_TIMEOUT"]);
  });

  it("takes the listed secrets out of reasons, members, observations and progress", async () => {
    const secret = 'K3y-with/slash+"quote"';
    const shown: string[] = [];
    const gate: Gate = {
      ...scripted(["wait"]),
      sample: async () =>
        Promise.resolve({
          gate: "values",
          outcome: "wait",
          reasons: [
            { code: "WAIT", member: `m ${secret}`, message: `header ${secret} and ${encodeURIComponent(secret)}` },
          ],
          observed: {
            [secret]: [secret, { deep: Buffer.from(secret).toString("base64") }],
            json: JSON.stringify(secret),
          },
        }),
    };

    const report = await runGate(gate, inputFor(), {
      secrets: [secret, ""],
      onProgress: (progress) => shown.push(formatProgress(progress), JSON.stringify(progress)),
    });

    const all = shown.join("\n") + JSON.stringify(report);
    for (const form of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64"),
      JSON.stringify(secret).slice(1, -1),
    ]) {
      assert.equal(all.includes(form), false, `${form} was shown`);
    }
    assert.ok(all.includes("<redacted>"));
  });

  describe("properties", () => {
    const step = fc.constantFrom<Outcome | "transient" | "bug">("pass", "wait", "fail", "unknown", "transient", "bug");

    it("a pass is always the end of as many passes in a row as were asked for", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 1, maxLength: 14 }),
          fc.integer({ min: 1, max: 4 }),
          async (steps, samples) => {
            const gate = scripted(steps, samples);
            const report = await runGate(gate, inputFor({ clock: new FakeClock() }));
            const taken = Array.from({ length: gate.taken() }, (_, index) => steps[Math.min(index, steps.length - 1)]);
            const row = taken.slice(-samples);
            assert.equal(report.outcome === "pass", taken.length >= samples && row.every((each) => each === "pass"));
          },
        ),
      );
    });

    it("an unknown, a fail or a bug that is seen never ends in a pass of the same look, and the run is bounded", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
          const gate = scripted(steps);
          const report = await runGate(gate, inputFor({ clock: new FakeClock() }));
          const last = steps[Math.min(gate.taken() - 1, steps.length - 1)]!;
          const expected: Record<typeof last, string> = {
            pass: "pass",
            wait: "fail",
            fail: "fail",
            unknown: "unknown",
            transient: "unknown",
            bug: "unknown",
          };
          assert.equal(report.outcome, expected[last]);
          assert.ok(report.samples <= 11);
        }),
      );
    });
  });
});
