import assert from "node:assert/strict";
import { listBlockRules, loadRules } from "../../../lib/planning/rules/rules.js";
import { type BlockRule, removeBlockedHops } from "../../../lib/planning/rules/blocked.js";
import { matrixOf, planOf, stopsOf } from "../plan/synthetic-matrix.js";

const matrix = matrixOf("1.0.0 > 1.0.1 1.1.0\n1.0.1 > 1.1.0\n1.1.0 > 1.2.0");
const rule = (edge: BlockRule["edge"]): BlockRule => {
  return { id: "loses-data", edge, text: "That hop loses data. Go by way of another release." };
};
const blocking = (edge: BlockRule["edge"]): { listBlockRules: () => BlockRule[] } => ({
  listBlockRules: () => [rule(edge)],
});

describe("an advisory of severity block", () => {
  it("takes its hop out of the rows: the route goes round it", () => {
    assert.equal(stopsOf(planOf(matrix, "1.0.0", "1.1.0", { strategy: "fewest-hops" })), "1.1.0");
    const deps = blocking({ from: "1.0.0", to: "1.1.0" });
    assert.equal(stopsOf(planOf(matrix, "1.0.0", "1.1.0", { strategy: "fewest-hops" }, deps)), "1.0.1 1.1.0");
  });

  it("refuses with its text where there is no way round", () => {
    const plan = planOf(matrix, "1.0.0", "1.2.0", {}, blocking({ to: ">=1.2.0" }));
    assert.equal(plan.refusal?.code, "NO_ROUTE");
    assert.match(
      plan.refusal.message,
      /advisory loses-data blocks 1\.1\.0 -> 1\.2\.0 \(That hop loses data\. Go by way of another release\)/,
    );
    assert.deepEqual(plan.refusal.refusedBy, [
      { from: "1.1.0", to: "1.2.0", mark: "unsupported", section: "advisory loses-data", line: null },
    ]);
  });

  it("holds for other matrices that a refusal offers", () => {
    const other = { ...matrixOf("1.0.0 > 1.2.0"), id: "other", sha256: "b".repeat(64) };
    const alone = { ...matrixOf("1.0.0 > 1.1.0\n1.1.0 x 1.2.0"), id: "alone" };
    const offered = (deps = {}): string[] =>
      planOf(alone, "1.0.0", "1.2.0", {}, { shipped: [other], ...deps }).refusal!.otherMatrices.map(({ id }) => id);
    assert.deepEqual(offered(), ["other"]);
    assert.deepEqual(offered(blocking({ to: "1.2.0" })), []);
  });

  it("negative twin: a hop that it does not name stays", () => {
    assert.equal(stopsOf(planOf(matrix, "1.0.0", "1.2.0", {}, blocking({ from: "9.9.9" }))), "1.0.1 1.1.0 1.2.0");
  });

  it("the same matrix and rules give the same rows again, other hops of the same rule others", () => {
    const once = removeBlockedHops(matrix, [rule({ to: "1.1.0" })]);
    assert.equal(removeBlockedHops(matrix, [rule({ to: "1.1.0" })]), once);
    const other = removeBlockedHops(matrix, [rule({ to: "1.2.0" })]);
    const refused = [once, other].map(({ rows }) =>
      rows.filter(({ mark }) => mark === "unsupported").map(({ to }) => to),
    );
    assert.deepEqual(refused, [["1.1.0", "1.1.0"], ["1.2.0"]]);
  });

  it("of the shipped data: those whose facts are known to apply, by edition and method", () => {
    const ids = (method: "kubernetes" | "vmware"): string[] =>
      listBlockRules("palette", method, {})
        .map(({ id }) => id)
        .sort();
    const shipped = loadRules("advisories").filter((row) => row.severity === "block");
    const certain = shipped.filter((row) => row.methods.includes("kubernetes") && Object.keys(row.facts).length === 0);
    assert.deepEqual(ids("kubernetes"), certain.map(({ id }) => id).sort());
    assert.ok(ids("vmware").includes("no-way-4.1-to-4.3"));
  });
});
