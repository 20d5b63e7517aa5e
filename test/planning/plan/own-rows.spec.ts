import assert from "node:assert/strict";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { listEdges } from "../../../lib/planning/matrix/lookup.js";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { addOwnRows } from "../../../lib/planning/plan/own-rows.js";
import { planRoute } from "../../../lib/planning/plan/plan.js";
import type { OwnRow } from "../../../lib/planning/plan/types.js";
import { renderPlan } from "../../../lib/report/render.js";
import { matrixOf, planOf, stopsOf, warned } from "./synthetic-matrix.js";

const matrix = matrixOf("1.0.0 > 1.0.1\n1.1.0 > 1.2.0\n1.0.x x 1.2.0\n1.0.1 ? 1.1.1");
const row = (from: string, to: string): OwnRow => {
  return { from, to, approvedBy: "Ada", link: "https://tickets.example/1", because: "The vendor said so in a call." };
};
const bridge = row("1.0.1", "1.1.0");

describe("a site's own rows", () => {
  it("bridge what the page leaves open; without them the plan is refused", () => {
    assert.equal(stopsOf(planOf(matrix, "1.0.0", "1.2.0")), "NO_ROUTE");
    assert.equal(stopsOf(planOf(matrix, "1.0.0", "1.2.0", { extraRows: [bridge] })), "1.0.1 1.1.0 1.2.0");
  });

  it("are shown on their hop and nowhere else, with a warning", () => {
    const plan = planOf(matrix, "1.0.0", "1.2.0", { extraRows: [bridge] });
    const { approvedBy, link, because } = bridge;
    assert.deepEqual(
      plan.hops.map((hop) => hop.ownRow),
      [undefined, { approvedBy, link, because }, undefined],
    );
    assert.deepEqual(warned(plan, "OWN_ROW"), [
      "The hop 1.0.1 -> 1.1.0 is no row of the vendor's: it is a row of this site's own, approved by Ada (https://tickets.example/1): The vendor said so in a call.",
    ]);
    for (const format of ["text", "markdown", "html", "mermaid"] as const)
      assert.match(renderPlan(plan, format), /own row of this site/, format);
    assert.match(renderPlan(plan, "json"), /"ownRow": \{\n\s*"approvedBy": "Ada"/);
    const plain = renderPlan(planOf(matrix, "1.0.0", "1.0.1", { extraRows: [bridge] }), "text");
    assert.doesNotMatch(plain, /own row|OWN_ROW/);
  });

  it("are part of the fingerprint where the route goes along them, with who approved them", () => {
    const print = (extraRows: OwnRow[], to = "1.2.0"): string => planOf(matrix, "1.0.0", to, { extraRows }).fingerprint;
    assert.notEqual(print([bridge]), print([{ ...bridge, approvedBy: "Bob" }]));
    assert.equal(print([bridge], "1.0.1"), print([], "1.0.1"));
  });

  it("never touch the vendor's matrix: id, checksum and rows stay what they are", () => {
    const plan = planOf(matrix, "1.0.0", "1.2.0", { extraRows: [bridge] });
    assert.equal(plan.matrix.sha256, matrix.sha256);
    assert.equal(matrix.rows.length, 4);
    assert.ok(!listEdges(matrix).has("1.0.1", "1.1.0"));
    assert.ok(listEdges(addOwnRows(matrix, [bridge])).has("1.0.1", "1.1.0"));
    assert.equal(addOwnRows(matrix, []), matrix);
  });

  it("are idle where the vendor has the row too, and then not shown as own", () => {
    const plan = planOf(matrix, "1.0.0", "1.0.1", { extraRows: [row("1.0.0", "1.0.1")] });
    assert.equal(plan.hops[0]!.ownRow, undefined);
    assert.deepEqual(warned(plan, "OWN_ROW_IDLE"), [
      "The own row 1.0.0 -> 1.0.1 is a row of palette-kubernetes-small too; take it out of extraRows.",
    ]);
  });

  it("a newer matrix that lacks them is not called stale for it", () => {
    const newer = { ...matrixOf("1.0.0 > 1.0.1\n1.1.0 > 1.2.0\n1.2.0 > 1.3.0"), id: "newer", sha256: "b".repeat(64) };
    const plan = planOf(matrix, "1.0.0", "1.2.0", { extraRows: [bridge] }, { shipped: [matrix, newer] });
    assert.deepEqual(warned(plan, "STALE_MATRIX"), []);
    assert.equal(plan.matrix.newer?.effect, "same");
  });

  const refused: [title: string, rows: OwnRow[], code: string, message: string][] = [
    [
      "a wildcard that is no release",
      [row("1.0.x", "1.1.0")],
      "VERSION_INVALID",
      'extraRows[0].from: "1.0.x" is not a Palette version.',
    ],
    [
      "down",
      [bridge, row("1.1.0", "1.0.1")],
      "OWN_ROW_DOWN",
      "extraRows[1]: 1.1.0 -> 1.0.1 does not lead up; Palette has no downgrade.",
    ],
    ["twice", [bridge, bridge], "OWN_ROW_TWICE", "extraRows[1]: 1.0.1 -> 1.1.0 stands there twice."],
    [
      "against a refusal by wildcard",
      [row("1.0.1", "1.2.0")],
      "OWN_ROW_CONTRADICTS",
      "extraRows[0]: the own row 1.0.1 -> 1.2.0 contradicts the row 1.0.x -> 1.2.0 (line 3) of palette-kubernetes-small, which the page refuses.",
    ],
    [
      "against a condition",
      [row("1.0.1", "1.1.1")],
      "OWN_ROW_CONTRADICTS",
      "extraRows[0]: the own row 1.0.1 -> 1.1.1 contradicts the row 1.0.1 -> 1.1.1 (line 4) of palette-kubernetes-small, which the page supports on a condition only.",
    ],
  ];
  for (const [title, extraRows, code, message] of refused) {
    it(`refused: ${title}`, () => {
      assert.throws(
        () => planOf(matrix, "1.0.0", "1.2.0", { extraRows }),
        (error) => error instanceof InvalidInputError && error.code === code && error.message === message,
      );
    });
  }

  it("the page's own gap: 4.7.20 reaches 4.9.51 only over an own row 4.7.26 -> 4.7.27", () => {
    const newest = loadMatrix("palette-kubernetes-4.9.51");
    const ask = (extraRows: OwnRow[]): string =>
      stopsOf(planRoute({ from: "4.7.20", to: "4.9.51", matrix: newest, extraRows, today: "2026-11-21" }));
    assert.equal(ask([]), "NO_ROUTE");
    assert.equal(ask([row("4.7.26", "4.7.27")]), "4.7.26 4.7.27 4.8.52 4.9.51");
  });
});
