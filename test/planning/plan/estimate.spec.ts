import assert from "node:assert/strict";
import { describeEstimate, estimateHop, type MeasuredHop } from "../../../lib/planning/plan/estimate.js";
import { expandHop } from "../../../lib/planning/plan/expand.js";
import { findPointOfNoReturn } from "../../../lib/planning/plan/warnings/no-return.js";
import { type Hop } from "../../../lib/planning/plan/types.js";
import { type SiteFacts } from "../../../lib/planning/rules/site-facts.js";
import { defaultGateSettings as limits } from "../../../lib/settings/gate-settings.js";

function hop(from: string, to: string, facts: SiteFacts = { pcgs: true }): Hop {
  return expandHop(from, to, { edition: "palette", method: "kubernetes", facts, matrixVersions: [] });
}

describe("how long a hop takes", () => {
  const minor = (minutes: number): MeasuredHop => ({ change: "minor", minutes });
  const patch = (minutes: number): MeasuredHop => ({ change: "patch", minutes });
  const check = { name: "smoke", command: ["true"], timeoutSeconds: 5 };
  const typical = "typical, by data/durations.json";
  const cases: [string, Parameters<typeof estimateHop>[0], string][] = [
    [
      "a patch with PCGs",
      { hop: hop("4.6.36", "4.6.41"), releases: 3, limits },
      `about 40 min (${typical}), at most 5 h 15 min`,
    ],
    [
      "a minor looks at profiles once more",
      { hop: hop("4.6.41", "4.7.20"), releases: 3, limits },
      `about 55 min (${typical}), at most 5 h 15 min`,
    ],
    [
      "a hop that changes the ingress proves it",
      { hop: hop("4.8.33", "4.8.47"), releases: 3, limits },
      `about 40 min (${typical}), at most 5 h 30 min`,
    ],
    [
      "without PCGs nothing is waited for",
      { hop: hop("4.6.41", "4.7.20", { pcgs: false }), releases: 3, limits },
      `about 10 min (${typical}), at most 3 h 45 min`,
    ],
    [
      "what was measured here counts most: the middle of the same kind, and its gates by rule",
      {
        hop: hop("4.6.41", "4.7.20"),
        releases: 3,
        limits,
        measured: { stack: [minor(33), patch(5), minor(90), minor(34)], stage: [minor(1)] },
      },
      "about 36 min (as measured on this stack, 3 such hops), at most 5 h 15 min",
    ],
    [
      "else what was measured on the stage before",
      {
        hop: hop("4.6.41", "4.7.20"),
        releases: 3,
        limits,
        measured: { stack: [patch(5)], stage: [minor(20)] },
      },
      "about 22 min (as measured on the stage before, 1 such hop), at most 5 h 15 min",
    ],
    [
      "hops of another kind only: by rule",
      { hop: hop("4.6.41", "4.7.20"), releases: 3, limits, measured: { stack: [patch(5)], stage: [patch(6)] } },
      `about 55 min (${typical}), at most 5 h 15 min`,
    ],
    [
      "one that took longer than its deadlines allow was interrupted over night, and tells nothing",
      { hop: hop("4.6.36", "4.6.41"), releases: 3, limits, measured: { stack: [patch(900)], stage: [] } },
      `about 40 min (${typical}), at most 5 h 15 min`,
    ],
    [
      "every deadline of the settings bounds it: MongoDB, releases, roll-out, PCGs, what all gates have in common",
      {
        hop: hop("4.6.41", "4.7.20"),
        releases: 1,
        limits: {
          ...limits,
          mongo: { ...limits.mongo, deadlineSeconds: 3600 },
          pcg: { ...limits.pcg, deadlineSeconds: 7200, pollSeconds: 60 },
          rollout: { ...limits.rollout, deadlineSeconds: 60 },
          gates: { deadlineSeconds: 120 },
          helm: { timeoutSeconds: 600 },
        },
      },
      `about 53 min (${typical}), at most 3 h 13 min`,
    ],
    [
      "own checks after the hop take their time, those before it do not add to it",
      {
        hop: hop("4.6.41", "4.7.20"),
        releases: 3,
        limits: { ...limits, checks: (["after", "both", "before"] as const).map((when) => ({ ...check, when })) },
      },
      `about 55 min (${typical}), at most 5 h 45 min`,
    ],
    [
      "never likelier than the deadlines allow",
      {
        hop: hop("4.6.36", "4.6.41"),
        releases: 0,
        limits,
        measured: { stack: [patch(134)], stage: [] },
      },
      "about 2 h 15 min (as measured on this stack, 1 such hop), at most 2 h 15 min",
    ],
  ];
  for (const [title, question, text] of cases) {
    it(title, () => assert.equal(describeEstimate(estimateHop(question)), text));
  }
});

describe("the point of no return", () => {
  it("4.6.36 -> 4.6.41 -> 4.7.20: the minor, not the patch before it", () => {
    const found = findPointOfNoReturn([hop("4.6.36", "4.6.41"), hop("4.6.41", "4.7.20")]);
    assert.deepEqual(found, {
      from: "4.6.41",
      to: "4.7.20",
      because:
        "the vendor documents no way back from 4.7.20: only a backup taken before this hop leads to 4.6.41 again",
    });
  });

  it("4.7.27 -> 4.8.8: the act that cannot be undone is named", () => {
    assert.match(findPointOfNoReturn([hop("4.7.27", "4.8.8")])!.because, /^fcv-raise cannot be undone: /);
  });

  it("negative twin: patches only, or no hop left, have none", () => {
    assert.equal(findPointOfNoReturn([hop("4.6.36", "4.6.41")]), null);
    assert.equal(findPointOfNoReturn([]), null);
  });
});
