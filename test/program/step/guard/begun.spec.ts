import assert from "node:assert/strict";
import { type BegunHop } from "../../../../lib/gates/verdict/types.js";
import { findBegunHop } from "../../../../lib/program/step/guard/begun.js";
import { type Step } from "../../../../lib/program/step/step.js";

const hop: Step = { kind: "hop", from: "4.6.41", destination: "4.7.20", resuming: false, declareReleases: true };
const settle = (from: string): Step => ({
  kind: "settle",
  from,
  destination: "4.7.20",
  ours: true,
  declareReleases: true,
});

describe("the hop that a release moves for", () => {
  const table: [title: string, step: Step, applied: string | undefined, expected: BegunHop | undefined][] = [
    ["a hop", hop, "4.6.41", { from: "4.6.41" }],
    [
      "an install",
      { kind: "install", destination: "4.7.20", resuming: true, declareReleases: true },
      undefined,
      { from: null },
    ],
    ["a hop whose destination is installed", settle("4.6.41"), "4.6.41", { from: "4.6.41" }],
    ["an install whose destination is installed", settle("4.7.20"), undefined, { from: null }],
    ["a version that is settled again", settle("4.7.20"), "4.7.20", undefined],
    ["an enrolment", { kind: "enrol", destination: "4.7.20", declareReleases: false }, undefined, undefined],
    ["nothing left to do", { kind: "done", destination: "4.7.20", declareReleases: true }, "4.7.20", undefined],
  ];
  for (const [title, step, appliedVersion, expected] of table) {
    it(title, () => assert.deepEqual(findBegunHop(step, { appliedVersion }), expected));
  }
});
