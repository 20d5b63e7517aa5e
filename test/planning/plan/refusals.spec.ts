import assert from "node:assert/strict";
import { loadMatrix, loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import type { Matrix } from "../../../lib/planning/matrix/types.js";
import type { Refusal } from "../../../lib/planning/plan/types.js";
import { matrixOf, planOf } from "./synthetic-matrix.js";

const seed = loadMatrix("palette-kubernetes-4.7.20");
const newest = loadMatrix("palette-kubernetes-4.9.51");
const shipped = loadShippedMatrices();

function refusal(matrix: Matrix, from: string, target: string, judges: readonly Matrix[] = shipped): Refusal {
  const plan = planOf(matrix, from, target, {}, { shipped: judges });
  assert.equal(plan.outcome, "refused");
  assert.equal(plan.to, target);
  assert.deepEqual([plan.hops, plan.warnings], [[], []]);
  return plan.refusal!;
}

const texts: [title: string, matrix: Matrix, from: string, target: string, code: string, message: string][] = [
  [
    "the source leads nowhere",
    seed,
    "4.6.43",
    "4.7.20",
    "NO_ROUTE",
    "No supported route leads from 4.6.43 to 4.7.20 in palette-kubernetes-4.7.20: no row leads on from 4.6.43; the nearest versions that do reach 4.7.20 are 4.6.41 and 4.7.3 (4.6.41 is close, but another release); ask the vendor's support for a supported way from 4.6.43.",
  ],
  [
    "near misses are named, never taken",
    seed,
    "4.6.34",
    "4.7.20",
    "NO_ROUTE",
    "No supported route leads from 4.6.34 to 4.7.20 in palette-kubernetes-4.7.20: no row leads on from 4.6.34; the nearest versions that do reach 4.7.20 are 4.6.32 and 4.6.36 (4.6.32 and 4.6.36 are close, but another release); ask the vendor's support for a supported way from 4.6.34.",
  ],
  [
    "the routes end on the way",
    newest,
    "4.6.6",
    "4.9.51",
    "NO_ROUTE",
    "No supported route leads from 4.6.6 to 4.9.51 in palette-kubernetes-4.9.51: the routes end at 4.6.27, 4.6.33, 4.6.34 and 4.7.26; the nearest version that does reach 4.9.51 is 4.7.27 (4.7.27 is close, but another release); ask the vendor's support for a supported way, or plan for 4.7.26, the highest within reach.",
  ],
  [
    "a target that no row leads to",
    newest,
    "4.7.20",
    "4.7.27",
    "NO_ROUTE",
    "No supported route leads from 4.7.20 to 4.7.27 in palette-kubernetes-4.9.51: every route ends at 4.7.26; no row leads to 4.7.27; ask the vendor's support for a supported way, or plan for 4.7.26, the highest within reach.",
  ],
  [
    "a refused row is named with its line, or its section",
    loadMatrix("palette-appliance-4.9.51"),
    "4.7.3",
    "4.7.15",
    "NO_ROUTE",
    "No supported route leads from 4.7.3 to 4.7.15 in palette-appliance-4.9.51: no row leads on from 4.7.3; the page refuses 4.7.3 -> 4.7.15 (section 4.7); no row leads to 4.7.15; ask the vendor's support for a supported way from 4.7.3.",
  ],
  [
    "a conditional row is no support, and is named",
    matrixOf("1.0.0 ? 1.1.0\n1.0.1 > 1.1.0"),
    "1.0.0",
    "1.1.0",
    "NO_ROUTE",
    "No supported route leads from 1.0.0 to 1.1.0 in palette-kubernetes-small: no row leads on from 1.0.0; the page supports 1.0.0 -> 1.1.0 (line 1) on a condition only; the nearest version that does reach 1.1.0 is 1.0.1 (1.0.1 is close, but another release); ask the vendor's support for a supported way from 1.0.0.",
  ],
  [
    "every row leads past the target",
    matrixOf("1.0.0 > 1.2.0\n1.0.5 > 1.1.0"),
    "1.0.0",
    "1.1.0",
    "NO_ROUTE",
    "No supported route leads from 1.0.0 to 1.1.0 in palette-kubernetes-small: every row from 1.0.0 leads past 1.1.0; the nearest version that does reach 1.1.0 is 1.0.5; ask the vendor's support for a supported way from 1.0.0.",
  ],
  [
    "a range of which nothing is within reach",
    seed,
    "4.6.34",
    "4.7",
    "NO_ROUTE",
    'No supported route leads from 4.6.34 to a release that fits "4.7" in palette-kubernetes-4.7.20: no row leads on from 4.6.34; the nearest versions that do reach a release that fits "4.7" are 4.6.32 and 4.6.36 (4.6.32 and 4.6.36 are close, but another release); ask the vendor\'s support for a supported way from 4.6.34.',
  ],
  [
    "another page version has a route",
    newest,
    "4.5.23",
    "4.6.43",
    "TARGET_UNKNOWN",
    "4.6.43 is not listed in palette-kubernetes-4.9.51, so no supported route leads from 4.5.23 to 4.6.43: the nearest listed releases are 4.6.41 and 4.7.3; another page version has a route, pin its matrix after reading its notes: palette-kubernetes-4.7.20 (4.6.43) and palette-kubernetes-4.8.21 (4.6.43).",
  ],
  [
    "a source older than anything listed",
    seed,
    "4.0.5",
    "4.7.20",
    "SOURCE_TOO_OLD",
    "4.0.5 is older than anything palette-kubernetes-4.7.20 lists (from 4.1.7 on), so no supported route leads from 4.0.5 to 4.7.20: ask the vendor's support how to get from 4.0.5 to 4.1.7 or later.",
  ],
  [
    "a source newer than anything listed",
    seed,
    "4.8.8",
    "4.10.2",
    "SOURCE_TOO_NEW",
    "4.8.8 is newer than anything palette-kubernetes-4.7.20 lists (up to 4.7.20), so no supported route leads from 4.8.8 to 4.10.2: the newest release known is 4.9.51, of palette-kubernetes-4.9.51, whose page was read on 2026-11-21; if the vendor's page lists a newer one, save it, run `palette-upgrade matrix import PAGE --write --folder FOLDER` and pin the file that it writes (palette:matrix, or --matrix), and open an issue or a pull request here so that it ships.",
  ],
  [
    "a source newer than anything listed, with a route in a newer matrix",
    seed,
    "4.8.8",
    "4.8.12",
    "SOURCE_TOO_NEW",
    "4.8.8 is newer than anything palette-kubernetes-4.7.20 lists (up to 4.7.20), so no supported route leads from 4.8.8 to 4.8.12: another page version has a route, pin its matrix after reading its notes: palette-kubernetes-4.8.21 (4.8.12), palette-kubernetes-4.9.22 (4.8.12) and palette-kubernetes-4.9.51 (4.8.12).",
  ],
  [
    "a source nobody lists, which a wildcard refuses",
    seed,
    "4.1.13",
    "4.7.20",
    "SOURCE_UNKNOWN",
    "4.1.13 is not listed in palette-kubernetes-4.7.20, so no supported route leads from 4.1.13 to 4.7.20: the nearest listed releases are 4.1.12 and 4.2.7, which are other releases; the page refuses 4.1.x -> 4.3.6 (line 267); check the installed version; if it is right, ask the vendor's support for a supported way from 4.1.13.",
  ],
  [
    "a target nobody lists",
    seed,
    "4.6.6",
    "4.6.42",
    "TARGET_UNKNOWN",
    "4.6.42 is not listed in palette-kubernetes-4.7.20, so no supported route leads from 4.6.6 to 4.6.42: the nearest listed releases are 4.6.41 and 4.6.43; ask for a listed one, or use the matrix of a page that lists it.",
  ],
  [
    "a target newer than anything listed",
    seed,
    "4.6.41",
    "4.10.2",
    "TARGET_UNKNOWN",
    "4.10.2 is not listed in palette-kubernetes-4.7.20 and newer than anything in it (up to 4.7.20), so no supported route leads from 4.6.41 to 4.10.2: the nearest listed release is 4.7.20; the newest release known is 4.9.51, of palette-kubernetes-4.9.51, whose page was read on 2026-11-21; if the vendor's page lists a newer one, save it, run `palette-upgrade matrix import PAGE --write --folder FOLDER` and pin the file that it writes (palette:matrix, or --matrix), and open an issue or a pull request here so that it ships.",
  ],
  [
    "a target newer than the pinned matrix, which a newer one lists",
    seed,
    "4.7.20",
    "4.9.51",
    "TARGET_UNKNOWN",
    "4.9.51 is not listed in palette-kubernetes-4.7.20 and newer than anything in it (up to 4.7.20), so no supported route leads from 4.7.20 to 4.9.51: the nearest listed release is 4.7.20; ask for a listed one, or use the matrix of a page that lists it.",
  ],
  [
    "a target newer than every matrix, from the newest",
    newest,
    "4.9.14",
    "4.10.25",
    "TARGET_UNKNOWN",
    "4.10.25 is not listed in palette-kubernetes-4.9.51 and newer than anything in it (up to 4.9.51), so no supported route leads from 4.9.14 to 4.10.25: the nearest listed release is 4.9.51; the newest release known is 4.9.51, of palette-kubernetes-4.9.51, whose page was read on 2026-11-21; if the vendor's page lists a newer one, save it, run `palette-upgrade matrix import PAGE --write --folder FOLDER` and pin the file that it writes (palette:matrix, or --matrix), and open an issue or a pull request here so that it ships.",
  ],
  [
    "a range newer than every matrix",
    newest,
    "4.9.14",
    "4.10",
    "TARGET_RANGE_EMPTY",
    'No release that palette-kubernetes-4.9.51 lists fits the target "4.10" asked for from 4.9.14: the newest release known is 4.9.51, of palette-kubernetes-4.9.51, whose page was read on 2026-11-21; if the vendor\'s page lists a newer one, save it, run `palette-upgrade matrix import PAGE --write --folder FOLDER` and pin the file that it writes (palette:matrix, or --matrix), and open an issue or a pull request here so that it ships.',
  ],
  [
    "a range that nothing listed fits",
    seed,
    "4.7.3",
    "4.8",
    "TARGET_RANGE_EMPTY",
    'No release that palette-kubernetes-4.7.20 lists fits the target "4.8" asked for from 4.7.3: above 4.7.3 it lists 4.7.15, 4.7.16 and 4.7.20; ask for one of these, or use the matrix of a page that lists more.',
  ],
  [
    "a range that nothing listed fits, from the newest",
    seed,
    "4.7.20",
    "4.8",
    "TARGET_RANGE_EMPTY",
    'No release that palette-kubernetes-4.7.20 lists fits the target "4.8" asked for from 4.7.20: it lists nothing above 4.7.20; use the matrix of a newer page.',
  ],
  [
    "a downgrade",
    seed,
    "4.7.20",
    "4.6.41",
    "DOWNGRADE",
    "The way from 4.7.20 to 4.6.41 is a downgrade, which Palette does not support in palette-kubernetes-4.7.20 or anywhere: ask for a version above 4.7.20, or restore the backup that was taken at 4.6.41.",
  ],
  [
    "a downgrade by series; 4.10 is above 4.9",
    matrixOf("4.9.1 > 4.9.2\n4.9.2 > 4.10.0"),
    "4.10.0",
    "4.9",
    "DOWNGRADE",
    'The way from 4.10.0 to "4.9" (at most 4.9.2) is a downgrade, which Palette does not support in palette-kubernetes-small or anywhere: ask for a version above 4.10.0, or restore the backup that was taken at 4.9.2.',
  ],
];

describe("refusals say both versions, the deciding fact and what to do", () => {
  for (const [title, matrix, from, target, code, message] of texts) {
    it(`${title}: ${from} -> ${target} is ${code}`, () => {
      const made = refusal(matrix, from, target);
      assert.equal(made.message, message);
      assert.equal(made.code, code);
    });
  }

  it("negative twin: 4.6.36, two patches above 4.6.34, does have a route", () => {
    assert.equal(planOf(seed, "4.6.36", "4.7.20").outcome, "route");
  });
});

describe("the fields of a refusal", () => {
  it("reachable, highest and frontier never go past the target", () => {
    const made = refusal(
      matrixOf("1.0.0 > 1.0.1 1.0.4\n1.0.1 > 1.0.9\n1.0.4 > 1.0.5\n1.0.3 > 1.0.6"),
      "1.0.0",
      "1.0.6",
      [],
    );
    assert.deepEqual(made.reachable, ["1.0.1", "1.0.4", "1.0.5"]);
    assert.equal(made.highestReachable, "1.0.5");
    assert.deepEqual(made.frontier, ["1.0.1", "1.0.5"]);
    assert.deepEqual(made.nearest, ["1.0.3"]);
    assert.deepEqual(made.nearMisses, ["1.0.3"]);
  });

  it("nearest leaves out the target and either side may be missing", () => {
    const matrix = matrixOf("1.0.0 > 1.1.0\n1.0.5 > 1.0.6\n1.0.9 > 1.1.0");
    assert.deepEqual(refusal(matrix, "1.0.5", "1.1.0", []).nearest, ["1.0.0", "1.0.9"]);
    assert.deepEqual(refusal(matrixOf("1.0.5 > 1.0.6\n1.0.9 > 1.1.0"), "1.0.5", "1.1.0", []).nearest, ["1.0.9"]);
    assert.deepEqual(refusal(matrixOf("1.0.0 > 1.1.0\n1.0.5 > 1.0.6"), "1.0.5", "1.1.0", []).nearest, ["1.0.0"]);
  });

  it("createRefusedProposal holds the rows that would have helped, from any version within reach, wildcards too", () => {
    const matrix = matrixOf(`1.0.0 > 1.0.1
      1.0.x x 1.1.0
      1.0.1 ? 1.2.0
      1.1.0 > 1.2.0
      1.3.0 x 1.4.0
      1.1.5 x 1.2.0`);
    const rows = refusal(matrix, "1.0.0", "1.2.0", []).refusedBy;
    assert.deepEqual(
      rows.map(({ from, to, mark, line }) => [from, to, mark, line]),
      [
        ["1.0.x", "1.1.0", "unsupported", 2],
        ["1.0.1", "1.2.0", "conditional", 3],
      ],
    );
  });

  it("an exact refusal beats a wildcard permission, for that hop only", () => {
    const matrix = matrixOf("1.0.x > 1.1.0\n1.0.1 x 1.1.0\n1.0.1 > 1.0.2\n1.0.2 > 1.0.3");
    assert.deepEqual(
      planOf(matrix, "1.0.1", "1.1.0").hops.map((hop) => hop.to),
      ["1.0.2", "1.0.3", "1.1.0"],
    );
  });

  it("a source nobody lists reaches nothing and is where the routes end", () => {
    const made = refusal(seed, "4.7.13", "4.7.20");
    assert.deepEqual([made.reachable, made.frontier, made.nearMisses], [[], ["4.7.13"], ["4.7.15"]]);
    assert.deepEqual(made.nearest, ["4.7.3", "4.7.15"]);
  });

  it("a downgrade has nothing within reach", () => {
    const made = refusal(seed, "4.7.20", "4.6.41");
    assert.deepEqual([made.reachable, made.highestReachable, made.frontier], [[], null, []]);
  });

  it("findOtherMatrices keep strategy and constraints", () => {
    const other = matrixOf("1.0.0 > 1.0.1 1.1.0\n1.0.1 > 1.1.0", { id: "other", sha256: "b".repeat(64) });
    const vmware = { ...other, id: "vmware", method: "vmware" as const, sha256: "c".repeat(64) };
    const matrix = matrixOf("1.0.0 > 1.0.1\n1.0.2 > 1.1.0");
    const routes = (more: object): unknown =>
      planOf(matrix, "1.0.0", "1.1.0", more, { shipped: [vmware, other, matrix] }).refusal!.otherMatrices;
    assert.deepEqual(routes({}), [
      { id: "other", valid: true, route: ["1.0.1", "1.1.0"] },
      { id: "vmware", valid: false, route: ["1.0.1", "1.1.0"] },
    ]);
    assert.deepEqual(routes({ strategy: "fewest-hops" }), [
      { id: "other", valid: true, route: ["1.1.0"] },
      { id: "vmware", valid: false, route: ["1.1.0"] },
    ]);
  });
});
