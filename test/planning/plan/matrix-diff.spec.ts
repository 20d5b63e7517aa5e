import assert from "node:assert/strict";
import { diffMatrices, type MatrixDiff } from "../../../lib/planning/plan/matrix-diff.js";
import { loadMatrix, listShippedIds } from "../../../lib/planning/matrix/load.js";
import type { Matrix } from "../../../lib/planning/matrix/types.js";
import { computeReachability } from "../../../lib/planning/plan/search/reachability.js";
import { matrixOf, planOf } from "./synthetic-matrix.js";
import { compareVersions, getMinor } from "../../../lib/planning/version/version.js";

function diff(a: string, b: string): MatrixDiff {
  return diffMatrices(loadMatrix(a), loadMatrix(b));
}

/** from | to | rows added, withdrawn, re-marked | releases that disappear: as counted from the pages by hand */
const steps: [a: string, b: string, rows: [number, number, number], gone: string[]][] = [
  ["palette-kubernetes-4.7.20", "palette-kubernetes-4.8.21", [20, 0, 0], []],
  ["palette-kubernetes-4.8.21", "palette-kubernetes-4.9.22", [190, 20, 0], ["4.6.43"]],
  ["palette-kubernetes-4.9.22", "palette-kubernetes-4.9.51", [29, 5, 0], ["4.8.60", "4.9.22"]],
  ["palette-kubernetes-4.7.20", "palette-kubernetes-4.9.51", [234, 20, 0], ["4.6.43"]],
  ["palette-vmware-4.8.21", "palette-vmware-4.9.22", [146, 6, 0], []],
  ["palette-vmware-4.9.22", "palette-vmware-4.9.51", [29, 5, 3], ["4.8.60", "4.9.22"]],
  ["palette-appliance-4.8.22", "palette-appliance-4.9.22", [39, 9, 0], ["4.8.10", "4.8.22"]],
  ["vertex-vmware-4.9.51", "palette-vmware-4.9.51", [0, 0, 0], []],
];

describe("diffMatrices", () => {
  for (const [a, b, rows, gone] of steps) {
    it(`${a} -> ${b}: ${rows.join(", ")} rows added, withdrawn, re-marked`, () => {
      const { added, withdrawn, remarked, disappeared } = diff(a, b);

      assert.deepEqual([added.length, withdrawn.length, remarked.length], rows);
      assert.deepEqual(disappeared, gone);
    });
  }

  it("Kubernetes 4.8.21 -> 4.9.22 withdraws all rows to 4.6.43, and 4.5.23 -> 4.6.18", () => {
    const { withdrawn } = diff("palette-kubernetes-4.8.21", "palette-kubernetes-4.9.22");

    assert.equal(withdrawn.filter((row) => row.to === "4.6.43").length, 19);
    assert.deepEqual(
      withdrawn.filter((row) => row.to !== "4.6.43").map((row) => `${row.from} -> ${row.to}`),
      ["4.5.23 -> 4.6.18"],
    );
  });

  it("VMware 4.9.22 -> 4.9.51 turns three rows to 4.9.5 into refusals", () => {
    const change = { to: "4.9.5", before: "supported", after: "unsupported" };
    const from = ["4.7.38", "4.7.29", "4.7.27"].map((version) => ({ from: version, ...change }));

    assert.deepEqual(diff("palette-vmware-4.9.22", "palette-vmware-4.9.51").remarked, from);
  });

  it("VMware 4.8.21 -> 4.9.22 strands everything up to 4.7.21 at 4.7.26, because the rows to 4.7.27 went", () => {
    const { stranded } = diff("palette-vmware-4.8.21", "palette-vmware-4.9.22");

    assert.equal(stranded.length, 38);
    assert.deepEqual(stranded[0], { version: "4.1.7", before: "4.8.21", after: "4.7.26", listed: true });
    assert.deepEqual(stranded.at(-1), { version: "4.7.21", before: "4.8.21", after: "4.7.26", listed: true });
    assert.ok(stranded.every(({ after }) => after === "4.7.26"));
  });

  it("Kubernetes 4.7.20 -> 4.9.51 strands nothing: all still reach 4.7.20 or newer", () => {
    assert.deepEqual(diff("palette-kubernetes-4.7.20", "palette-kubernetes-4.9.51").stranded, []);
  });

  it("a release that disappears is stranded, one that led nowhere is not", () => {
    const { stranded } = diff("palette-appliance-4.8.22", "palette-appliance-4.9.22");

    assert.deepEqual(
      stranded.map(({ version, after, listed }) => [version, after, listed]),
      [
        ["4.7.15", null, true],
        ["4.8.10", null, false],
      ],
    );
  });

  it("two releases further back is stranding even where the newest grows", () => {
    const base = loadMatrix("palette-appliance-4.9.51");
    const matrix = (pairs: string[]): Matrix => ({
      ...base,
      rows: pairs.map((pair) => {
        const [from = "", to = ""] = pair.split(" ");
        return { from, to, mark: "supported", section: "", line: null };
      }),
    });
    const before = matrix(["4.8.1 4.9.5", "4.9.5 4.10.2"]);

    assert.deepEqual(diffMatrices(before, matrix(["4.8.1 4.9.5", "4.9.6 4.10.2", "4.10.2 4.11.1"])).stranded, [
      { version: "4.8.1", before: "4.10.2", after: "4.9.5", listed: true },
      { version: "4.9.5", before: "4.10.2", after: null, listed: true },
    ]);
    assert.deepEqual(diffMatrices(before, matrix(["4.8.1 4.10.1", "4.9.5 4.10.3"])).stranded, []);
  });

  it("names the routes that are lost, won, or other ones, the newest target first", () => {
    const before = matrixOf("1.0.0 > 1.0.1\n1.0.1 > 1.1.0\n1.1.0 > 1.2.0");
    const after = matrixOf("1.0.0 > 1.0.1 1.1.0\n1.1.0 > 1.2.0\n1.0.1 x 1.1.0\n1.2.0 > 1.3.0");
    assert.deepEqual(
      diffMatrices(before, after).routes.map(({ from, to, before, after }) => [from, to, before, after]),
      [
        ["1.0.0", "1.3.0", null, ["1.1.0", "1.2.0", "1.3.0"]],
        ["1.1.0", "1.3.0", null, ["1.2.0", "1.3.0"]],
        ["1.2.0", "1.3.0", null, ["1.3.0"]],
        ["1.0.0", "1.2.0", ["1.0.1", "1.1.0", "1.2.0"], ["1.1.0", "1.2.0"]],
        ["1.0.1", "1.2.0", ["1.1.0", "1.2.0"], null],
        ["1.0.0", "1.1.0", ["1.0.1", "1.1.0"], ["1.1.0"]],
        ["1.0.1", "1.1.0", ["1.1.0"], null],
      ],
    );
  });

  it("VMware 4.8.21 -> 4.9.22: each route said to be lost is refused by the planner, each other one is the planner's", () => {
    const [a, b] = [loadMatrix("palette-vmware-4.8.21"), loadMatrix("palette-vmware-4.9.22")];
    const { routes } = diffMatrices(a, b);
    const stops = (matrix: Matrix, from: string, to: string): string[] | null => {
      const plan = planOf(matrix, from, to);
      return plan.outcome === "route" ? plan.hops.map((hop) => hop.to) : null;
    };

    const pairs = (matrix: Matrix): Set<string> => {
      const reach = computeReachability(matrix);
      return new Set(reach.versions.flatMap((from) => reach.from(from).map((to) => `${from} ${to}`)));
    };
    const still = pairs(b);
    const lost = [...pairs(a)].filter((pair) => !still.has(pair));
    const named = routes.filter((each) => each.after === null).map(({ from, to }) => `${from} ${to}`);
    assert.deepEqual(named.sort(), lost.sort());
    assert.equal(lost.length, 228);
    for (const { from, to, before, after } of routes.filter((_, index) => index % 20 === 0)) {
      assert.deepEqual([stops(a, from, to), stops(b, from, to)], [before, after], `${from} -> ${to}`);
    }
  });

  it("of any two shipped matrices: nothing in one way is everything in the other", () => {
    const ids = listShippedIds();
    for (const a of ids) {
      assert.deepEqual(Object.values(diff(a, a)).flat(), []);
      for (const b of ids) {
        const [there, back] = [diff(a, b), diff(b, a)];
        assert.equal(there.added.length, back.withdrawn.length);
        assert.deepEqual(there.appeared, back.disappeared);
        assert.equal(there.routes.length, back.routes.length);
        for (const { version, before, after } of there.stranded) {
          assert.ok(after === null || compareVersions(after, before) < 0, `${a} -> ${b}: ${version}`);
          assert.ok(after === null || getMinor(after) !== getMinor(before) || getMinor(before) === getMinor(version));
        }
      }
    }
  });
});
