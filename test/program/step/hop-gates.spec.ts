import assert from "node:assert/strict";
import { type ExpandContext } from "../../../lib/planning/plan/expand.js";
import { type Settings } from "../../../lib/settings/schema.js";
import { listHopGates } from "../../../lib/program/step/site-gates.js";

const context = (pcgs: boolean): ExpandContext => ({ edition: "palette", method: "kubernetes", facts: { pcgs } });
const check = (when: Settings["checks"][number]["when"]): Settings["checks"] => [
  { name: "drained", when, command: ["true"], timeoutSeconds: 5 },
];

function names(from: string, to: string, pcgs: boolean, checks: Settings["checks"] = []): string[][] {
  const { every, start } = listHopGates(from, to, context(pcgs), checks);
  return [every, start].map((gates) => gates.map(({ name }) => name));
}

describe("gates judged again before a release moves", () => {
  it("what data/ makes mandatory of the hop, MongoDB and Helm for every release", () => {
    const [every, start] = names("4.6.41", "4.7.20", true);
    assert.deepEqual(every, ["mongo-replica-set", "helm-release"]);
    for (const name of ["window", "promotion", "backup", "pcg-readiness", "rollout"])
      assert.ok(start!.includes(name), `${name} not in ${start!.join(", ")}`);
  });

  it("FCV only where the hop needs it", () => {
    assert.ok(names("4.7.27", "4.8.8", false)[0]!.includes("mongo-fcv"));
    assert.ok(!names("4.6.36", "4.6.41", false)[0]!.includes("mongo-fcv"));
  });

  it("gateways before a minor hop; before a patch they only warn, and without any there is nothing to ask", () => {
    for (const gate of ["pcg-readiness", "pcg-catch-up"]) {
      assert.ok(names("4.6.41", "4.7.20", true)[1]!.includes(gate), gate);
      assert.ok(!names("4.6.36", "4.6.41", true)[1]!.includes(gate), gate);
      assert.ok(!names("4.6.41", "4.7.20", false)[1]!.includes(gate), gate);
    }
  });

  it("the installation's own checks before a hop, not those after it", () => {
    for (const [when, asked] of [
      ["before", true],
      ["both", true],
      ["after", false],
    ] as const)
      assert.equal(names("4.6.41", "4.7.20", false, check(when))[1]!.includes("own-check"), asked, when);
  });
});
