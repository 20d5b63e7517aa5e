import assert from "node:assert/strict";
import { probeArchives } from "../../bench/probe/archives.js";
import { probeDocuments } from "../../bench/probe/documents.js";
import { probeForgeries } from "../../bench/probe/forgeries.js";
import { probeJournal } from "../../bench/probe/journal.js";
import { findFalseAlarm } from "../../bench/probe/kills.js";
import { findFaultOfText } from "../../bench/probe/oracle.js";
import { formatResult, type ProbeResult, requireAtMost, requireCases, state, Tally } from "../../bench/probe/result.js";
import { forms, healthyStatus } from "../fixtures/mongo/replica-set.js";

const seed = 7;
const cases = 50;

describe("probes (npm run bench:probe)", function () {
  this.timeout(120_000);

  const probes: Record<string, () => Promise<ProbeResult>> = {
    documents: () => probeDocuments(cases, seed, null),
    forgeries: () => probeForgeries(cases, seed),
    journal: () => probeJournal(cases, seed),
    archives: () => probeArchives(cases, seed, false),
  };
  for (const [name, play] of Object.entries(probes)) {
    it(`${name}: ${cases} cases, and every count is what it must be`, async () => {
      const { probe, measures, faults } = await play();
      assert.equal(probe, name);
      assert.deepEqual([measures.filter(({ holds }) => !holds), faults], [[], []]);
      assert.equal(measures.find(({ what }) => what === "cases")?.seen, String(cases));
    });
  }

  it("a count that is not what it must be is marked, and how it came about is shown", () => {
    const tally = new Tally();
    tally.fault("crashes", "case 1: boom");
    const measures = [
      requireCases(3, 3),
      tally.requireNone("crashes"),
      tally.requireSome("passes"),
      requireAtMost("peak memory", 10, 10, "MiB"),
      requireAtMost("slowest", 11, 10, "ms"),
      state("runs", "4"),
    ];
    assert.deepEqual(
      measures.map(({ holds }) => holds),
      [true, false, false, true, false, true],
    );
    const lines = formatResult({ probe: "any", measures, faults: tally.faults }).split("\n");
    assert.match(lines[1]!, /^any +crashes +1 {2}0 +NOT SO$/);
    assert.equal(lines.at(-1), "  crashes: case 1: boom");
  });

  describe("the naive oracle", () => {
    for (const [form, print] of Object.entries(forms)) {
      it(`is silent about a healthy answer as ${form}, and objects to a member down`, () => {
        assert.equal(findFaultOfText(print(healthyStatus()), 3), null);
        const status = healthyStatus();
        status.members[1]!["health"] = 0;
        assert.equal(findFaultOfText(print(status), 3), "a health");
        assert.equal(findFaultOfText(print(healthyStatus()), 4), "fewer members with name and health than expected");
      });
    }

    for (const [health, fault] of [
      ["1.0", null],
      ["1e0", null],
      ['"1"', "a health"],
      ["true", "a health"],
      ["0.9", "a health"],
    ] as const) {
      it(`${fault === null ? "takes" : "does not take"} ${health} for the number 1`, () => {
        const text = forms["JSON.stringify"]!(healthyStatus()).replace('"health":1', `"health":${health}`);
        assert.equal(findFaultOfText(text, 3), fault);
      });
    }
  });

  describe("a false alarm", () => {
    const evidence = (status: string): Parameters<typeof findFalseAlarm>[1] => ({
      releases: {
        "default/hubble": [
          { revision: 1, status: "superseded", version: "4.6.41", description: "", at: "" },
          { revision: 2, status, version: "4.7.20", description: "", at: "" },
        ],
      },
      rollOuts: [],
    });
    const said = "hubble 4.7.20 may run in part beside the old version.";
    for (const [title, text, status, fault] of [
      ["none: its newest revision failed", said, "failed", null],
      ["a release that is deployed", said, "deployed", "hubble 4.7.20 is said to run in part"],
      ["another version", said.replace("4.7.20", "4.8.8"), "failed", "hubble 4.8.8 is said to run in part"],
      [
        "two releases, one of them not there",
        `cert-manager 1.14.5 and ${said}`,
        "failed",
        "cert-manager 1.14.5 is said to run in part",
      ],
      [
        "no release named",
        "a release that failed may run in part beside the old version",
        "failed",
        "no release is named",
      ],
    ] as const) {
      it(title, () => assert.equal(findFalseAlarm(text, evidence(status)), fault));
    }
  });
});
