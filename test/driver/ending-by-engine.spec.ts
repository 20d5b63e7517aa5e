import assert from "node:assert/strict";
import type { GateReport } from "../../lib/gates/verdict/types.js";
import type { Failure } from "../../lib/base/errors/refusal.js";
import type { EngineRun } from "../../lib/engine/engine.js";
import { toRunEnding } from "../../lib/driver/ending.js";

function report(...codes: string[]): GateReport {
  return {
    gate: "helm-release",
    outcome: "fail",
    when: "before",
    from: "4.6.36",
    to: "4.6.41",
    reasons: codes.map((code) => ({ code, member: null, message: `because of ${code}` })),
    observed: null,
    startedAt: "2026-11-21T10:00:00Z",
    finishedAt: "2026-11-21T10:00:01Z",
    samples: 1,
  };
}

function failedRun(...messages: string[]): EngineRun {
  const diagnostics = messages.map((message) => ({
    kind: "diagnostic" as const,
    severity: "error" as const,
    urn: null,
    message,
  }));
  return { ok: false, interrupted: false, steps: [], diagnostics, outputs: {} };
}

const words = "Release hubble does not move; judged again at the last moment:\n  - helm-release: because";
const pending = report("NOT_YET", "RELEASE_PENDING");
const broken = report("TWO_PRIMARIES");

function thrown(change: Partial<Failure>): Failure {
  return { code: "GATE_REFUSED", exitCode: 3, message: words, next: "Fix it.", ...change };
}

const cases: {
  title: string;
  run: EngineRun;
  failure: Failure | null;
  expected: { outcome: string; exitCode: number; codes: string[]; gates: GateReport[]; message?: string };
}[] = [
  {
    title: "a gate's Command that waits for somebody else",
    run: failedRun(JSON.stringify(pending)),
    failure: null,
    expected: { outcome: "not-now", exitCode: 5, codes: [], gates: [pending] },
  },
  {
    title: "a gate's Command that found something broken",
    run: failedRun(JSON.stringify(pending), JSON.stringify(broken)),
    failure: null,
    expected: { outcome: "refused", exitCode: 3, codes: [], gates: [pending, broken] },
  },
  {
    title: "a refusal of the program without a gate keeps its own exit code",
    run: failedRun("UPDATE_FAILED: something else"),
    failure: thrown({ code: "CLUSTER_MISMATCH" }),
    expected: { outcome: "refused", exitCode: 3, codes: ["CLUSTER_MISMATCH"], gates: [], message: words },
  },
  {
    title: "not now, by the program",
    run: failedRun(),
    failure: thrown({ code: "RELEASE_PENDING", exitCode: 5 }),
    expected: { outcome: "not-now", exitCode: 5, codes: ["RELEASE_PENDING"], gates: [], message: words },
  },
  {
    title: "a lock that the command line met: who holds it is kept, whatever the backend",
    run: failedRun(
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n" +
        "  s3://bucket/.pulumi/locks/organization/palette/prod/1.json: created by ana@desk (pid 12) at 2026-11-20T10:00:00+01:00",
    ),
    failure: null,
    expected: {
      outcome: "not-now",
      exitCode: 5,
      codes: ["STACK_LOCKED"],
      gates: [],
      message: "Another update of this stack is under way, created by ana@desk (pid 12) at 2026-11-20T10:00:00+01:00.",
    },
  },
  {
    title: "a lock of a service, which does not say whose",
    run: failedRun("error: [409] Conflict: Another update is currently in progress."),
    failure: null,
    expected: {
      outcome: "not-now",
      exitCode: 5,
      codes: ["STACK_LOCKED"],
      gates: [],
      message: "Another update of this stack is under way.",
    },
  },
  {
    title: "a refusal only the engine's text tells of",
    run: failedRun("before hook failed: NOT_THIS_HOP: 4.7.3 is installed now"),
    failure: null,
    expected: {
      outcome: "refused",
      exitCode: 3,
      codes: ["NOT_THIS_HOP"],
      gates: [],
      message: "4.7.3 is installed now",
    },
  },
  {
    title: "anything else is a failure, in the engine's words",
    run: failedRun('Helm release "default/hubble" failed'),
    failure: null,
    expected: {
      outcome: "failed",
      exitCode: 1,
      codes: ["UPDATE_FAILED"],
      gates: [],
      message: 'Helm release "default/hubble" failed',
    },
  },
  {
    title: "and where it said nothing, that",
    run: failedRun(),
    failure: null,
    expected: {
      outcome: "failed",
      exitCode: 1,
      codes: ["UPDATE_FAILED"],
      gates: [],
      message: "The engine failed and did not say why.",
    },
  },
];

describe("how a run ended, by what the engine or the program said", () => {
  for (const { title, run, failure, expected } of cases) {
    it(title, () => {
      const { outcome, exitCode, refusals, gates } = toRunEnding(run, failure);
      const { message, ...rest } = expected;
      assert.deepEqual({ outcome, exitCode, codes: refusals.map(({ code }) => code), gates }, rest);
      if (message !== undefined) assert.equal(refusals[0]?.message, message);
    });
  }
});
