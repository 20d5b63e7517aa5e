import assert from "node:assert/strict";
import { listOpenActs, refuseOpenActs } from "../../../lib/gates/consent/acknowledged.js";
import { expandHop } from "../../../lib/planning/plan/expand.js";
import { type Hop } from "../../../lib/planning/plan/types.js";
import { type Settings } from "../../../lib/settings/schema.js";

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
const word: Settings["acknowledge"][number] = {
  act: "backup",
  hop: "4.6.41->4.7.20",
  by: "ana",
  because: "snapshot 17",
};

describe("acts acknowledged", () => {
  it("an act before the hop stands open until somebody acknowledges it for this hop", () => {
    assert.deepEqual(
      listOpenActs(hop, [], "2026-03-01").map(({ name }) => name),
      ["backup"],
    );
    assert.deepEqual(listOpenActs(hop, [word], "2026-03-01"), []);
  });

  it("a word for another hop, or one that has run out, counts for nothing", () => {
    assert.equal(listOpenActs(hop, [{ ...word, hop: "4.5.23->4.6.41" }], "2026-03-01").length, 1);
    assert.equal(listOpenActs(hop, [{ ...word, until: "2026-02-28" }], "2026-03-01").length, 1);
    assert.equal(listOpenActs(hop, [{ ...word, until: "2026-03-01" }], "2026-03-01").length, 0);
  });

  it("the refusal names hop, act and what to write", () => {
    assert.throws(
      () =>
        refuseOpenActs({
          hop,
          open: listOpenActs(hop, [], "2026-03-01"),
          acknowledged: [],
          today: "2026-03-01",
          runners: null,
        }),
      {
        code: "ACT_NOT_ACKNOWLEDGED",
        message: "4.6.41 -> 4.7.20 waits for an act that nobody has acknowledged:\n  - backup: Take a backup.",
        next: /\{act: "backup", hop: "4\.6\.41->4\.7\.20", by: "<who>", because: "<what was done>"\}/,
      },
    );
  });

  it("the refusal tells of a word that was given and does not count", () => {
    const reported = (acknowledged: (typeof word)[]): string => {
      const open = listOpenActs(hop, acknowledged, "2026-03-01");
      try {
        refuseOpenActs({ hop, open, acknowledged, today: "2026-03-01", runners: null });
      } catch (error) {
        return (error as Error).message.split("Take a backup.")[1]!;
      }
      return "nothing";
    };
    assert.equal(
      reported([{ ...word, hop: "4.5.23->4.6.41" }]),
      " (Acknowledged for 4.5.23->4.6.41; that does not count here.)",
    );
    assert.equal(
      reported([{ ...word, until: "2026-02-28" }]),
      " (Acknowledged for this hop until 2026-02-28; that does not count here.)",
    );
    assert.equal(reported([word]), "nothing");
  });

  it("four eyes: one's own word does not count, another's does", () => {
    const runners = ["runner", "Ana "];
    const question = { hop, acknowledged: [word], today: "2026-03-01", runners };
    const own = listOpenActs(hop, [word], "2026-03-01", runners);
    assert.throws(() => refuseOpenActs({ ...question, open: own }), {
      code: "FOUR_EYES",
      message:
        "4.6.41 -> 4.7.20: acknowledged by the one who runs this (backup by ana), which palette:approval.fourEyes does not count.",
    });
    assert.deepEqual(listOpenActs(hop, [word], "2026-03-01", ["ben"]), []);
    assert.deepEqual(listOpenActs(hop, [word, { ...word, by: "ben" }], "2026-03-01", ["ana"]), []);
  });

  it("four eyes: where nobody knows who runs, nobody's word counts", () => {
    const question = { hop, acknowledged: [word], today: "2026-03-01", runners: [] };
    const open = listOpenActs(hop, [word], "2026-03-01", []);
    assert.deepEqual(
      open.map(({ name }) => name),
      ["backup"],
    );
    assert.throws(() => refuseOpenActs({ ...question, open }), {
      code: "FOUR_EYES",
      message:
        "4.6.41 -> 4.7.20: acknowledged (backup by ana), but this CI job does not say who started it, so palette:approval.fourEyes counts nobody's word.",
      next: "Set PALETTE_ACTOR in the job to the name of the person it runs for.",
    });
    assert.deepEqual(listOpenActs(hop, [word], "2026-03-01", null), [], "without four eyes any word counts");
  });

  it("an act that a mandatory gate proves needs nobody's word; where the gate is not due, it does", () => {
    const expanded = expandHop("4.7.27", "4.8.8", {
      edition: "palette",
      method: "kubernetes",
      facts: {},
      matrixVersions: [],
    });
    const names = (of: Hop): string[] => listOpenActs(of, [], "2026-03-01").map(({ name }) => name);
    assert.ok(expanded.acts.some(({ name }) => name === "fcv-raise"));
    assert.ok(!names(expanded).includes("fcv-raise"));
    assert.ok(names({ ...expanded, gates: [] }).includes("fcv-raise"));
  });
});
