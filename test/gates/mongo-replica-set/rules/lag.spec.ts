import assert from "node:assert/strict";
import { Timestamp } from "bson";
import { judgeSaved } from "../../../../lib/gates/mongo-replica-set/judge-saved.js";
import { parseSaved } from "../../../../lib/gates/mongo-replica-set/text/saved.js";
import type { Verdict } from "../../../../lib/gates/verdict/types.js";
import { ago, asked, forms, healthyStatus, type Json } from "../../../fixtures/mongo/replica-set.js";

type Status = ReturnType<typeof healthyStatus>;

function judged(change: (status: Status) => unknown, self = 0): Verdict {
  const status = healthyStatus(self);
  change(status);
  const parsed = parseSaved(forms["canonical EJSON"]!(status), asked);
  return judgeSaved(parsed, { expectedMembers: 3, maxLagSeconds: 10 });
}

const optimeOf = (secondsAgo: number): Json => ({ ts: new Timestamp({ t: ago(secondsAgo).getTime() / 1000, i: 1 }) });
const without = (status: Status, ...fields: string[]): void =>
  status.members.forEach((member) => fields.forEach((field) => delete member[field]));
const committed = (status: Status, seconds: number): unknown =>
  Object.assign(status["optimes"] as Json, { lastAppliedWallTime: ago(0), lastCommittedWallTime: ago(seconds) });
const behind = "mongo-1 is 17.0 s behind, expected at most 10 s: wait for it to catch up, or look for what slows it (disk, network, load). (rule G11)"; // prettier-ignore

/** What the first reason says; empty where there is none. */
const cases: [string, (status: Status) => unknown, string, self?: number][] = [
  ["every clock 17 s back", (s) => Object.assign(s.members[1]!, { optime: optimeOf(18), optimeDate: ago(18), lastAppliedWallTime: ago(18) }), behind], // prettier-ignore
  ["wall time alone 17 s back, no other clock", (s) => (without(s, "optime", "optimeDate"), (s.members[1]!["lastAppliedWallTime"] = ago(18))), behind], // prettier-ignore
  ["wall time alone and fresh", (s) => without(s, "optime", "optimeDate"), ""],
  ["optime fresh, wall time 14 s back: the lesser counts", (s) => (s.members[1]!["lastAppliedWallTime"] = ago(15)), ""],
  ["optime fresh, wall time 15 s back: they contradict each other", (s) => (s.members[1]!["lastAppliedWallTime"] = ago(16)), "mongo-1's optime and the wall time of its last write are 15 s further apart than the primary's, expected at most 14 s: one of them hides a lag, look at its clock and ask again. (rule G18)"], // prettier-ignore
  [
    "optime and its date contradict, no wall time: the worse counts",
    (s) => (without(s, "lastAppliedWallTime"), (s.members[1]!["optime"] = optimeOf(18))),
    behind.replace("10 s:", "14 s:"),
  ],
  [
    "its date alone, no wall time",
    (s) => (without(s, "lastAppliedWallTime", "optime"), (s.members[1]!["optimeDate"] = ago(18))),
    behind.replace("10 s:", "14 s:"),
  ],
  [
    "its optime alone, no wall time",
    (s) => (without(s, "lastAppliedWallTime", "optimeDate"), (s.members[1]!["optime"] = optimeOf(18))),
    behind.replace("10 s:", "14 s:"),
  ],
  [
    "nothing that the primary's entry could be compared with",
    (s) => ["optime", "optimeDate", "lastAppliedWallTime"].forEach((field) => delete s.members[0]![field]),
    behind.replace(
      "is 17.0 s behind, expected at most 10 s",
      "does not show how far its data is, expected at most 14 s",
    ),
  ],
  ["the majority exactly at the limit", (s) => committed(s, 10), ""],
  [
    "the majority over the limit",
    (s) => committed(s, 10.1),
    "The majority is 10.1 s behind the primary, expected at most 10 s: wait for the members to catch up. (rule G13)",
  ],
  ["the majority's time not reported", (s) => delete (s["optimes"] as Json)["lastCommittedWallTime"], ""],
  ["what the primary applied not reported", (s) => delete (s["optimes"] as Json)["lastAppliedWallTime"], ""],
  ["the number of a write majority not reported", (s) => delete s["writeMajorityCount"], ""],
];

describe("how far data is behind (G11, G13)", () => {
  for (const [title, change, message] of cases) {
    it(`${title}: ${message === "" ? "nothing is said" : message.slice(0, 60)}`, () => {
      assert.equal(judged(change).reasons[0]?.message ?? "", message);
    });
  }

  it("the commit point is judged from whichever member", () => {
    const { outcome, reasons } = judged((status) => committed(status, 60), 1);
    assert.deepEqual([outcome, reasons.map(({ code }) => code)], ["wait", ["MAJORITY_LAG", "NOTE"]]);
    assert.equal(reasons[0]?.message, "The majority is 60.0 s behind what mongo-1 has applied, expected at most 10 s: wait for the members to catch up. (rule G13)"); // prettier-ignore
  });

  it("without a primary's own entry the newest member is the measure", () => {
    const { reasons } = judged((status) => {
      Object.assign(status.members[0]!, { optime: optimeOf(18), optimeDate: ago(18), lastAppliedWallTime: ago(18) });
    }, 1);
    assert.deepEqual(reasons.map(({ code, member }) => `${code} ${member}`), ["LAG mongo-0", "NOTE null"]); // prettier-ignore
  });

  it("shows the lag of each member that has one, and none of the primary it is measured by", () => {
    const observed = judged((status) => {
      Object.assign(status.members[2]!, { optime: optimeOf(4), optimeDate: ago(4), lastAppliedWallTime: ago(4) });
    }).observed as { members: { lagSeconds: number | null }[] };
    assert.deepEqual(observed.members.map(({ lagSeconds }) => lagSeconds), [null, 0, 3]); // prettier-ignore
  });
});
