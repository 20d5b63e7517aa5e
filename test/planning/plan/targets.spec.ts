import assert from "node:assert/strict";
import { loadMatrix, loadShippedMatrices } from "../../../lib/planning/matrix/load.js";
import type { Matrix } from "../../../lib/planning/matrix/types.js";
import { parseTarget } from "../../../lib/planning/plan/search/target.js";
import type { Plan } from "../../../lib/planning/plan/types.js";
import { matrixOf, planOf, stopsOf, warned } from "./synthetic-matrix.js";

const seed = loadMatrix("palette-kubernetes-4.7.20");
const newest = loadMatrix("palette-kubernetes-4.9.51");
const shipped = loadShippedMatrices();

const plan = (matrix: Matrix, from: string, target: string, judges: readonly Matrix[] = shipped): Plan =>
  planOf(matrix, from, target, {}, { shipped: judges });

describe("what a target takes", () => {
  const rows: [text: string, exact: string | null, fits: string, not: string][] = [
    ["4.7.20", "4.7.20", "4.7.20", "4.7.15"],
    [" v4.7.20 ", "4.7.20", "4.7.20", "4.7.15"],
    ["4.7", null, "4.7.20", "4.8.8"],
    ["4.7.x", null, "4.7.3", "4.6.41"],
    ["4.10", null, "4.10.2", "4.1.12"],
    [">=4.6.41 <4.8", null, "4.7.20", "4.8.0"],
    ["~4.6.30", null, "4.6.43", "4.7.3"],
    ["4.6.41 - 4.7.15", null, "4.7.15", "4.7.20"],
    ["4.6 || 4.9", null, "4.9.14", "4.7.20"],
    ["4", null, "4.10.0", "5.0.0"],
  ];
  for (const [text, exact, fits, not] of rows) {
    it(`"${text}" takes ${fits} and not ${not}`, () => {
      const target = parseTarget(text);
      assert.equal(target.exact, exact);
      assert.deepEqual([target.fits(fits), target.fits(not)], [true, false]);
    });
  }

  for (const text of ["", "  ", "latest", "4.7.a", "four"]) {
    it(`"${text}" is TARGET_INVALID`, () => {
      assert.throws(() => parseTarget(text), {
        code: "TARGET_INVALID",
        exitCode: 2,
        message: `target: "${text}" is neither a version nor a range of versions.`,
      });
    });
  }
});

describe("a series or range takes the highest release that leads on", () => {
  const rows: [title: string, matrix: Matrix, from: string, target: string, to: string, stops: string][] = [
    ["4.6.43 is a dead end, 4.6.41 leads on", seed, "4.6.6", "4.6", "4.6.41", "4.6.41"],
    ["by either spelling of a series", seed, "4.5.23", "4.6.x", "4.6.41", "4.6.41"],
    ["the installed one counts", seed, "4.6.41", "4.6", "4.6.41", ""],
    ["a range over two minors: 4.7.20 is a dead end in the newest matrix", seed, "4.6.6", ">=4.6", "4.6.41", "4.6.41"],
    ["what is not within reach is left out", newest, "4.8.12", "4.8", "4.8.52", "4.8.52"],
    ["a matrix's own newest version is no dead end", newest, "4.8.52", "4.9", "4.9.51", "4.9.51"],
    ["nor for a range over minors", newest, "4.7.27", "4.x", "4.9.51", "4.8.52 4.9.51"],
  ];
  for (const [title, matrix, from, target, to, stops] of rows) {
    it(`${title}: ${from} -> "${target}" = ${to} in ${matrix.id}`, () => {
      const made = plan(matrix, from, target);
      assert.equal(made.to, to);
      assert.equal(stopsOf(made), stops);
      assert.equal(made.outcome, stops === "" ? "none-needed" : "route");
      assert.deepEqual(warned(made, "STRANDED"), []);
    });
  }

  it("negative twin: judged in the pinned matrix alone, 4.7.20 leads on as its newest", () => {
    assert.equal(plan(seed, "4.6.6", ">=4.6", []).to, "4.7.20");
    assert.deepEqual(
      plan(seed, "4.1.12", "4.7", []).warnings.filter(({ code }) => code === "STRANDED"),
      [],
    );
  });
});

describe("STRANDED: no release that fits and is within reach leads on", () => {
  const rows: [matrix: Matrix, from: string, target: string, to: string, message: string][] = [
    [
      seed,
      "4.6.41",
      "4.7",
      "4.7.20",
      'No release that fits "4.7" and is within reach from 4.6.41 leads on to a later minor; 4.7.20 is the highest within reach and a dead end in palette-kubernetes-4.9.51: from it neither a later minor nor 4.9.51 can be reached.',
    ],
    [
      seed,
      "4.6.43",
      "4.6",
      "4.6.43",
      'No release that fits "4.6" and is within reach from 4.6.43 leads on to a later minor; 4.6.43, the installed version, is the highest within reach and a dead end in palette-kubernetes-4.7.20 and palette-kubernetes-4.9.51: from it neither a later minor nor 4.7.20 can be reached; palette-kubernetes-4.9.51 does not list it.',
    ],
    [
      seed,
      "4.7.13",
      "4.7",
      "4.7.13",
      'No release that fits "4.7" and is within reach from 4.7.13 leads on to a later minor; 4.7.13, the installed version, is the highest within reach and a dead end in palette-kubernetes-4.7.20 and palette-kubernetes-4.9.51: palette-kubernetes-4.7.20 does not list it; palette-kubernetes-4.9.51 does not list it.',
    ],
  ];
  for (const [matrix, from, target, to, message] of rows) {
    it(`${from} -> "${target}" = ${to}`, () => {
      const made = plan(matrix, from, target);
      assert.equal(made.to, to);
      assert.deepEqual(made.warnings[0], { code: "STRANDED", message });
      assert.deepEqual(warned(made, "DEAD_END"), []);
    });
  }
});

describe("DEAD_END: what a series or range passes over is named first, and why", () => {
  const why = "from it neither a later minor nor 4.7.20 can be reached; palette-kubernetes-4.9.51 does not list it.";
  const rows: [matrix: Matrix, from: string, target: string, to: string, message: string | null][] = [
    [
      seed,
      "4.6.41",
      "4.6",
      "4.6.41",
      `4.6.43 fits "4.6" too, but is a dead end in palette-kubernetes-4.7.20 and palette-kubernetes-4.9.51: ${why} 4.6.41, the installed version, is the highest within reach that leads on.`,
    ],
    [
      seed,
      "4.6.6",
      "4.6",
      "4.6.41",
      `4.6.43 fits "4.6" too, but is a dead end in palette-kubernetes-4.7.20 and palette-kubernetes-4.9.51: ${why} 4.6.41 is the highest within reach that leads on.`,
    ],
    [
      seed,
      "4.6.41",
      ">=4.6.41",
      "4.6.41",
      '4.7.20 fits ">=4.6.41" too, but is a dead end in palette-kubernetes-4.9.51: from it neither a later minor nor 4.9.51 can be reached. The same holds for 4.6.43, 4.7.3 and 4.7.15. 4.6.41, the installed version, is the highest within reach that leads on.',
    ],
    [seed, "4.6.41", "<=4.6.41", "4.6.41", null],
    [newest, "4.8.12", "4.8", "4.8.52", null],
    [newest, "4.8.52", "4.9", "4.9.51", null],
  ];
  for (const [matrix, from, target, to, message] of rows) {
    it(`${from} -> "${target}" = ${to} in ${matrix.id}: ${message === null ? "nothing passed over" : "named"}`, () => {
      const made = plan(matrix, from, target);
      assert.equal(made.to, to);
      if (message === null) return assert.deepEqual(warned(made, "DEAD_END"), []);
      assert.deepEqual(made.warnings[0], { code: "DEAD_END", message });
    });
  }
});

describe("DEAD_END: chosen by exact version only, and said first", () => {
  const rows: [from: string, to: string, outcome: string, message: string][] = [
    [
      "4.1.12",
      "4.7.20",
      "route",
      "4.7.20 is a dead end in palette-kubernetes-4.9.51: from it neither a later minor nor 4.9.51 can be reached. 4.6.41 leads on and is within reach instead.",
    ],
    [
      "4.5.23",
      "4.6.43",
      "route",
      "4.6.43 is a dead end in palette-kubernetes-4.7.20 and palette-kubernetes-4.9.51: from it neither a later minor nor 4.7.20 can be reached; palette-kubernetes-4.9.51 does not list it. 4.6.41 leads on and is within reach instead.",
    ],
    [
      "4.6.41",
      "4.6.43",
      "route",
      "4.6.43 is a dead end in palette-kubernetes-4.7.20 and palette-kubernetes-4.9.51: from it neither a later minor nor 4.7.20 can be reached; palette-kubernetes-4.9.51 does not list it. The installed version, 4.6.41, is the highest within reach that leads on.",
    ],
    [
      "4.6.43",
      "4.6.43",
      "none-needed",
      "4.6.43 is a dead end in palette-kubernetes-4.7.20 and palette-kubernetes-4.9.51: from it neither a later minor nor 4.7.20 can be reached; palette-kubernetes-4.9.51 does not list it. No version within reach from 4.6.43 leads on; ask the vendor's support before going there.",
    ],
  ];
  for (const [from, to, outcome, message] of rows) {
    it(`${from} -> ${to}`, () => {
      const made = plan(seed, from, to);
      assert.equal(made.outcome, outcome);
      assert.deepEqual(made.warnings[0], { code: "DEAD_END", message });
    });
  }

  it("negative twins: 4.6.41 leads on; a newest version is none in its own matrix; another method's matrix does not judge", () => {
    assert.deepEqual(warned(plan(seed, "4.6.6", "4.6.41"), "DEAD_END"), []);
    assert.deepEqual(warned(plan(newest, "4.8.52", "4.9.51"), "DEAD_END"), []);
    const others = shipped.filter((matrix) => matrix.method !== "kubernetes");
    assert.deepEqual(warned(plan(seed, "4.6.41", "4.7.20", others), "DEAD_END"), []);
  });

  it("a newer minor that is itself a dead end still is a later minor", () => {
    const matrix = matrixOf("1.0.0 > 1.1.0\n1.1.0 > 1.1.1\n1.2.0 > 1.3.0");
    assert.deepEqual(warned(plan(matrix, "1.0.0", "1.1.1", []), "DEAD_END"), [
      "1.1.1 is a dead end in palette-kubernetes-small: from it neither a later minor nor 1.3.0 can be reached. The installed version, 1.0.0, is the highest within reach that leads on.",
    ]);
  });
});

describe("nothing to do", () => {
  it("at the target, listed or not", () => {
    for (const version of ["4.6.41", "4.6.42"]) {
      const made = plan(seed, version, version);
      assert.deepEqual([made.outcome, made.to, made.hops, made.refusal], ["none-needed", version, [], null]);
    }
  });

  it("negative twin: one patch away it is a hop", () => {
    assert.equal(plan(seed, "4.6.36", "4.6.41").outcome, "route");
  });
});
