import assert from "node:assert/strict";
import { openActs, refuseOpenActs } from "../../lib/stack/acknowledged.js";
import { type Hop } from "../../lib/plan/types.js";

const hop: Hop = {
  from: "4.6.41",
  to: "4.7.20",
  change: "minor",
  skips: [],
  gates: [],
  acts: [
    { name: "backup", when: "before", text: "Take a backup.", irreversible: false },
    { name: "workload-agents", when: "after", text: "Look at them.", irreversible: false },
  ],
  advisories: [],
};
const word = { act: "backup", hop: "4.6.41->4.7.20", by: "ana", because: "snapshot 17" };

describe("acts acknowledged", () => {
  it("an act before the hop stands open until somebody acknowledges it for this hop", () => {
    assert.deepEqual(
      openActs(hop, [], "2026-03-01").map(({ name }) => name),
      ["backup"],
    );
    assert.deepEqual(openActs(hop, [word], "2026-03-01"), []);
  });

  it("a word for another hop, or one that has run out, counts for nothing", () => {
    assert.equal(openActs(hop, [{ ...word, hop: "4.5.23->4.6.41" }], "2026-03-01").length, 1);
    assert.equal(openActs(hop, [{ ...word, until: "2026-02-28" }], "2026-03-01").length, 1);
    assert.equal(openActs(hop, [{ ...word, until: "2026-03-01" }], "2026-03-01").length, 0);
  });

  it("the refusal names hop, act and what to write", () => {
    assert.throws(() => refuseOpenActs(hop, openActs(hop, [], "2026-03-01")), {
      code: "ACT_NOT_ACKNOWLEDGED",
      message: "4.6.41 -> 4.7.20 waits for an act that nobody has acknowledged:\n  - backup: Take a backup.",
      next: /\{act: "backup", hop: "4\.6\.41->4\.7\.20", by: "<who>", because: "<what was done>"\}/,
    });
  });
});
