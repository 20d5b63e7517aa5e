import assert from "node:assert/strict";
import { describeEstimate, estimateHop } from "../../lib/plan/estimate.js";
import { expandHop } from "../../lib/plan/expand.js";
import { pointOfNoReturn } from "../../lib/plan/no-return.js";
import { type Hop, type SiteFacts } from "../../lib/plan/types.js";
import { defaultGateSettings as limits } from "../../lib/stack/gate-settings.js";

function hop(from: string, to: string, facts: SiteFacts = { pcgs: true }): Hop {
  return expandHop(from, to, { edition: "palette", method: "kubernetes", facts, matrixVersions: [] });
}

describe("how long a hop takes", () => {
  const cases: [string, Parameters<typeof estimateHop>[0], string][] = [
    ["a patch with PCGs", { hop: hop("4.6.36", "4.6.41"), releases: 3, limits }, "about 40 min, at most 5 h 15 min"],
    [
      "a minor looks at profiles once more",
      { hop: hop("4.6.41", "4.7.20"), releases: 3, limits },
      "about 55 min, at most 5 h 15 min",
    ],
    [
      "without PCGs nothing is waited for",
      { hop: hop("4.6.41", "4.7.20", { pcgs: false }), releases: 3, limits },
      "about 10 min, at most 3 h 45 min",
    ],
    [
      "what was measured counts more: the middle of the same kind",
      {
        hop: hop("4.6.41", "4.7.20"),
        releases: 3,
        limits,
        measured: [
          { change: "minor", minutes: 33 },
          { change: "patch", minutes: 5 },
          { change: "minor", minutes: 90 },
          { change: "minor", minutes: 34 },
        ],
      },
      "about 34 min, at most 5 h 15 min",
    ],
    [
      "never likelier than the deadlines allow",
      { hop: hop("4.6.36", "4.6.41"), releases: 0, limits, measured: [{ change: "patch", minutes: 900 }] },
      "about 2 h 15 min, at most 2 h 15 min",
    ],
  ];
  for (const [title, question, text] of cases) {
    it(title, () => assert.equal(describeEstimate(estimateHop(question)), text));
  }
});

describe("the point of no return", () => {
  it("4.6.36 -> 4.6.41 -> 4.7.20: the minor, not the patch before it", () => {
    const found = pointOfNoReturn([hop("4.6.36", "4.6.41"), hop("4.6.41", "4.7.20")]);
    assert.deepEqual(found, {
      from: "4.6.41",
      to: "4.7.20",
      because:
        "the vendor documents no way back from 4.7.20: only a backup taken before this hop leads to 4.6.41 again",
    });
  });

  it("4.7.27 -> 4.8.8: the act that cannot be undone is named", () => {
    assert.match(pointOfNoReturn([hop("4.7.27", "4.8.8")])!.because, /^fcv-raise cannot be undone: /);
  });

  it("negative twin: patches only, or no hop left, have none", () => {
    assert.equal(pointOfNoReturn([hop("4.6.36", "4.6.41")]), null);
    assert.equal(pointOfNoReturn([]), null);
  });
});
