import assert from "node:assert/strict";
import { listGateRules } from "../../../lib/gates/explain.js";
import { getGateByName } from "../../../lib/gates/registry.js";
import { explainByHop } from "../../../lib/gates/run/explain-by-hop.js";
import { type GateName, type Outcome, type Verdict } from "../../../lib/gates/verdict/types.js";
import { loadRules } from "../../../lib/planning/rules/rules.js";

const edge = { from: "4.6.41", to: "4.7.20", change: "minor" } as const;
const verdict = (gate: GateName, outcome: Outcome, ...codes: string[]): Verdict => ({
  gate,
  outcome,
  reasons: codes.map((code) => ({ code, member: null, message: `Seen: ${code}.` })),
  observed: null,
});

describe("a reason that the hop in progress can explain", () => {
  it("says so and names the remedy; what it is stays", () => {
    const [lag, votes] = explainByHop(verdict("mongo-replica-set", "fail", "LAG", "CONFIG_VOTES"), edge).reasons;
    assert.deepEqual(lag, {
      code: "LAG",
      member: null,
      message:
        "Seen: LAG. The hop 4.6.41 -> 4.7.20 in progress can explain this: a member that has restarted on the image of 4.7.20 catches up with the others. " +
        "To go on: let it come into sync, then run the same command again.",
    });
    assert.equal(votes?.message, "Seen: CONFIG_VOTES.", "no hop explains this");
  });

  for (const outcome of ["wait", "fail", "unknown"] as const) {
    it(`a ${outcome} stays one, with the same codes`, () => {
      const before = verdict("pcg-readiness", outcome, "PCG_UNHEALTHY", "PCG_PAUSED");
      const after = explainByHop(before, edge);
      const codes = ({ reasons }: Verdict): string[] => reasons.map(({ code }) => code);
      assert.deepEqual([after.outcome, codes(after)], [outcome, codes(before)]);
    });
  }

  it("negative twins: another gate's reason of that code, and a pass with its remarks, stay word for word", () => {
    for (const same of [verdict("backup", "fail", "LAG"), verdict("mongo-replica-set", "pass", "LAG")])
      assert.deepEqual(explainByHop(same, edge), same);
  });

  for (const { id, gates, codes } of loadRules("hop-effects")) {
    it(`${id}: each code is one that its gates give`, () => {
      const known = gates.map((gate) =>
        listGateRules(getGateByName(gate as GateName)).flatMap(({ rules }) =>
          rules.flatMap(({ code }) => code.split(/, | and /)),
        ),
      );
      for (const code of codes)
        assert.ok(
          known.some((list) => list.includes(code)),
          `${code}: ${known.join(", ")}`,
        );
    });
  }
});
