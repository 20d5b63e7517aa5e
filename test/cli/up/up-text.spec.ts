import assert from "node:assert/strict";
import { renderUpResult } from "../../../lib/cli/up/up-text.js";
import { type UpResult } from "../../../lib/driver/up-result.js";

const result: UpResult = {
  schemaVersion: 1,
  command: "up",
  stack: "prod",
  outcome: "done",
  exitCode: 0,
  message: "At the target, settled: nothing left to do.",
  applied: "4.7.20",
  target: "4.7.20",
  updates: [],
  remaining: [],
  refusals: [],
  gates: [],
  notes: [],
  journal: null,
};

/** The step that the refused update took, and what its gates told. */
const hop: UpResult["updates"][number] = {
  step: "hop",
  from: "4.6.36",
  to: "4.6.41",
  outcome: "refused",
  seconds: 12.34,
  gates: [
    { gate: "values", subject: null, when: "before", outcome: "pass", applicable: true, accepted: 0 },
    { gate: "pcg-readiness", subject: null, when: "before", outcome: "pass", applicable: false, accepted: 0 },
    { gate: "rollout", subject: null, when: "after", outcome: "fail", applicable: true, accepted: 0 },
  ],
};

const cases: [title: string, over: Partial<UpResult>, said: string][] = [
  ["done", {}, "prod at 4.7.20. At the target, settled: nothing left to do.\n"],
  [
    "stopped by a limit",
    { outcome: "stopped", applied: "4.6.41", message: "One hop was asked for.", remaining: ["4.7.20"] },
    "prod, proved at 4.6.41, target 4.7.20. One hop was asked for.\n\n" +
      "Still ahead: 4.7.20. Run the same command again; nothing of what has passed is lost.\n",
  ],
  [
    "4.6.36 -> 4.6.41 installed, its checks open: what is proved is not called what is installed",
    { outcome: "refused", exitCode: 3, applied: "4.6.36", message: "Gate rollout failed.", updates: [hop] },
    "UPDATE            OUTCOME  GATES PASSED  TIME\n4.6.36 -> 4.6.41  refused  1             12.3 s\n\n" +
      "prod, proved at 4.6.36, target 4.7.20. Gate rollout failed.\n",
  ],
  [
    "nothing recorded yet",
    { outcome: "refused", exitCode: 3, applied: null, message: "Refused." },
    "prod, target 4.7.20. Refused.\n",
  ],
  [
    "a refusal with lines to follow, a note, and the journal",
    {
      outcome: "not-now",
      exitCode: 5,
      message: "Not now.",
      refusals: [{ code: "STACK_LOCKED", message: "Somebody drives it.", next: "Wait.\nThen again." }],
      notes: ["Look."],
      journal: { where: "journal/prod.jsonl", run: "run-1", head: "0123456789abcdef0123" },
    },
    "prod, proved at 4.7.20, target 4.7.20. Not now.\n\nSTACK_LOCKED: Somebody drives it.\n  Wait.\n  Then again.\n\n" +
      "Note: Look.\n\nJournal: journal/prod.jsonl, run run-1, head 0123456789abcdef\n",
  ],
];

describe("what stands at the end of a run", () => {
  for (const [title, over, said] of cases) {
    it(title, () => assert.equal(renderUpResult({ ...result, ...over }, false), said));
  }
});
