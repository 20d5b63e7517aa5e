import assert from "node:assert/strict";
import {
  removeDuplicates,
  listFailedRules,
  computeOutcome,
  toReasons,
  type Finding,
} from "../../../lib/gates/mongo-replica-set/finding.js";

const found = (outcome: Finding["outcome"], message: string, change: Partial<Finding> = {}): Finding => ({
  rule: "G11",
  code: "LAG",
  member: "mongo-1",
  outcome,
  message,
  ...change,
});

describe("findings of several looks", () => {
  it("of one code and member the worst stays, the first of equals, in the place of the first", () => {
    const other = found("wait", "another member", { member: "mongo-2" });
    const none = found("note", "of the set", { member: null });
    for (const [given, kept] of [
      [["wait", "fail", "unknown", "fail"], 1],
      [["note", "wait", "note"], 1],
      [["wait", "unknown", "wait"], 1],
      [["wait", "wait"], 0],
    ] as [Finding["outcome"][], number][]) {
      const same = given.map((outcome, index) => found(outcome, String(index)));
      assert.deepEqual(removeDuplicates([same[0]!, other, none, ...same.slice(1)]), [same[kept], other, none]);
    }
  });

  it("the worst decides, and a remark never blocks", () => {
    assert.equal(computeOutcome([found("wait", ""), found("unknown", ""), found("fail", "")]), "fail");
    assert.equal(computeOutcome([found("wait", ""), found("unknown", "")]), "unknown");
    assert.equal(computeOutcome([found("note", ""), found("wait", "")]), "wait");
    assert.equal(computeOutcome([found("note", "")]), "pass");
    assert.equal(computeOutcome([]), "pass");
  });

  it("rules that do not hold are named once, in order, remarks left out", () => {
    const findings = [found("wait", ""), found("fail", "", { rule: "G03" }), found("wait", "")];
    assert.deepEqual(listFailedRules([...findings, found("note", "", { rule: "G14" }), found("fail", "", { rule: null })]), ["G03", "G11"]); // prettier-ignore
  });

  it("what blocks is said before what is remarked, with its rule where it has one", () => {
    assert.deepEqual(toReasons([found("note", "Slow."), found("wait", "Late."), found("fail", "Gone.", { rule: null })]), [
      { code: "LAG", member: "mongo-1", message: "Late. (rule G11)" },
      { code: "LAG", member: "mongo-1", message: "Gone." },
      { code: "NOTE", member: "mongo-1", message: "Slow." },
    ]); // prettier-ignore
  });
});
