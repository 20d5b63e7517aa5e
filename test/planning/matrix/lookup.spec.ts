import assert from "node:assert/strict";
import fc from "fast-check";
import { loadMatrix, listShippedIds } from "../../../lib/planning/matrix/load.js";
import { listEdges, listRefusingRows, findDecidingRow, listVersions } from "../../../lib/planning/matrix/lookup.js";
import type { Mark, MatrixRow } from "../../../lib/planning/matrix/types.js";
import { getMinor } from "../../../lib/planning/version/version.js";

const marks: Record<string, Mark> = { "+": "supported", "-": "unsupported", "?": "conditional" };

/** Rows from "4.6.41 > 4.7.20 +". */
function matrixOf(...texts: string[]): { rows: MatrixRow[] } {
  const rows = texts.map((text): MatrixRow => {
    const [from = "", , to = "", sign = ""] = text.split(" ");
    return { from, to, mark: marks[sign] ?? "supported", section: "", line: null };
  });
  return { rows };
}

function short(row: MatrixRow | undefined): string | undefined {
  return row && `${row.from} > ${row.to} ${row.mark}`;
}

/** what | rows | pairs that are edges | pairs that are not */
const rules: { rule: string; rows: string[]; edges: string[]; none: string[] }[] = [
  {
    rule: "a supported row is an edge, in its own direction only",
    rows: ["4.6.41 > 4.7.20 +"],
    edges: ["4.6.41 > 4.7.20"],
    none: ["4.7.20 > 4.6.41", "4.6.41 > 4.7.21", "4.6.40 > 4.7.20", "4.6.41 > 4.6.41"],
  },
  { rule: "a refused row is none", rows: ["4.6.41 > 4.7.20 -"], edges: [], none: ["4.6.41 > 4.7.20"] },
  { rule: "a conditional row is none", rows: ["4.8.52 > 4.9.24 ?"], edges: [], none: ["4.8.52 > 4.9.24"] },
  {
    rule: "a refusal by wildcard beats an exact permission",
    rows: ["4.1.x > 4.3.6 -", "4.1.12 > 4.3.6 +", "4.2.13 > 4.3.6 +"],
    edges: ["4.2.13 > 4.3.6"],
    none: ["4.1.12 > 4.3.6"],
  },
  {
    rule: "a refused wildcard forbids the direct hop, not a longer route",
    rows: ["4.1.x > 4.3.6 -", "4.1.12 > 4.2.7 +", "4.2.7 > 4.3.6 +"],
    edges: ["4.1.12 > 4.2.7", "4.2.7 > 4.3.6"],
    none: ["4.1.12 > 4.3.6"],
  },
  {
    rule: "a wildcard matches its minor, not one that begins like it",
    rows: ["4.1.x > 4.11.3 -", "4.1.7 > 4.11.3 +", "4.10.2 > 4.11.3 +"],
    edges: ["4.10.2 > 4.11.3"],
    none: ["4.1.7 > 4.11.3"],
  },
  {
    rule: "a wildcard target refuses the whole minor",
    rows: ["4.5.23 > 4.7.x -", "4.5.23 > 4.7.3 +", "4.5.23 > 4.6.41 +"],
    edges: ["4.5.23 > 4.6.41"],
    none: ["4.5.23 > 4.7.3"],
  },
  {
    rule: "a permission by wildcard is for listed releases, and only upwards",
    rows: ["4.7.x > 4.7.27 +", "4.6.41 > 4.7.20 +", "4.7.29 > 4.8.12 +"],
    edges: ["4.7.20 > 4.7.27"],
    none: ["4.7.21 > 4.7.27", "4.7.29 > 4.7.27", "4.7.27 > 4.7.27", "4.6.41 > 4.7.27"],
  },
  {
    rule: "an exact refusal beats a permission by wildcard",
    rows: ["4.7.x > 4.8.12 +", "4.7.3 > 4.8.12 -", "4.7.15 > 4.8.8 +"],
    edges: ["4.7.15 > 4.8.12"],
    none: ["4.7.3 > 4.8.12"],
  },
  {
    rule: "a conditional wildcard is no full support either",
    rows: ["4.8.x > 4.9.24 ?", "4.8.52 > 4.9.24 +", "4.8.52 > 4.9.14 +"],
    edges: ["4.8.52 > 4.9.14"],
    none: ["4.8.52 > 4.9.24"],
  },
];

describe("listEdges", () => {
  for (const { rule, rows, edges, none } of rules) {
    it(rule, () => {
      const found = listEdges(matrixOf(...rows));
      const has = (pair: string): boolean => found.has(...(pair.split(" > ") as [string, string]));

      assert.deepEqual(edges.filter(has), edges);
      assert.deepEqual(none.filter(has), []);
    });
  }

  it("lists are sorted by version: 4.10 is newer than 4.9", () => {
    const edges = listEdges(
      matrixOf("4.8.1 > 4.10.2 +", "4.8.1 > 4.9.14 +", "4.8.1 > 4.9.5 +", "4.7.10 > 4.9.5 +", "4.7.9 > 4.9.5 +"),
    );

    assert.deepEqual(edges.from("4.8.1"), ["4.9.5", "4.9.14", "4.10.2"]);
    assert.deepEqual(edges.to("4.9.5"), ["4.7.9", "4.7.10", "4.8.1"]);
    assert.deepEqual(edges.from("4.10.2"), []);
    assert.deepEqual(edges.to("4.0.0"), []);
  });

  it("gives lists that a caller may change", () => {
    const edges = listEdges(matrixOf("4.8.1 > 4.9.5 +"));
    edges.from("4.8.1").pop();

    assert.deepEqual(edges.from("4.8.1"), ["4.9.5"]);
  });

  for (const id of listShippedIds()) {
    it(`${id}: every edge is an exact supported row that none refuses, and the other way round`, () => {
      const matrix = loadMatrix(id);
      const edges = listEdges(matrix);
      const listed = listVersions(matrix);
      const supported = new Set(
        matrix.rows.filter((row) => row.mark === "supported").map((row) => `${row.from} ${row.to}`),
      );
      const wild = matrix.rows.filter((row) => row.from.endsWith(".x") && row.mark === "unsupported");
      for (const from of listed) {
        for (const to of listed) {
          const refused = wild.some((row) => row.from === `${getMinor(from)}.x` && row.to === to);
          assert.equal(edges.has(from, to), supported.has(`${from} ${to}`) && !refused, `${from} -> ${to}`);
        }
        assert.ok(edges.from(from).every((to) => edges.to(to).includes(from)));
      }
    });
  }

  it("random rows: from, to and has agree, and an edge is never refused", () => {
    const release = fc
      .tuple(fc.integer({ min: 7, max: 11 }), fc.integer({ min: 1, max: 3 }))
      .map(([a, b]) => `4.${a}.${b}`);
    const either = fc.oneof(
      { weight: 5, arbitrary: release },
      fc.integer({ min: 7, max: 11 }).map((a) => `4.${a}.x`),
    );
    const row = fc
      .tuple(either, either, fc.constantFrom("+", "+", "-", "?"))
      .map(([from, to, sign]) => `${from} > ${to} ${sign}`);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (texts) => {
        const matrix = matrixOf(...texts);
        const edges = listEdges(matrix);
        for (const from of listVersions(matrix)) {
          for (const to of listVersions(matrix)) {
            const has = edges.has(from, to);
            assert.equal(edges.from(from).includes(to), has);
            assert.equal(edges.to(to).includes(from), has);
            if (has) assert.equal(findDecidingRow(matrix, from, to)?.mark, "supported");
          }
        }
      }),
    );
  });
});

describe("findDecidingRow and refusalsFor", () => {
  const matrix = matrixOf(
    "4.1.x > 4.3.6 -",
    "4.1.12 > 4.3.6 +",
    "4.1.12 > 4.3.x +",
    "4.1.x > 4.3.x ?",
    "4.1.7 > 4.3.6 -",
    "4.2.13 > 4.3.6 +",
  );

  it("4.1.12 -> 4.3.6: the refusal decides, the conditional row is named after it", () => {
    assert.equal(short(findDecidingRow(matrix, "4.1.12", "4.3.6")), "4.1.x > 4.3.6 unsupported");
    assert.deepEqual(listRefusingRows(matrix, "4.1.12", "4.3.6").map(short), [
      "4.1.x > 4.3.6 unsupported",
      "4.1.x > 4.3.x conditional",
    ]);
  });

  it("4.1.7 -> 4.3.6: the exact refusal comes before the wildcard's", () => {
    assert.equal(short(findDecidingRow(matrix, "4.1.7", "4.3.6")), "4.1.7 > 4.3.6 unsupported");
  });

  it("4.2.13 -> 4.3.6: supported, nothing refuses", () => {
    assert.equal(short(findDecidingRow(matrix, "4.2.13", "4.3.6")), "4.2.13 > 4.3.6 supported");
    assert.deepEqual(listRefusingRows(matrix, "4.2.13", "4.3.6"), []);
  });

  it("4.2.13 -> 4.3.7: no row at all", () => {
    assert.equal(findDecidingRow(matrix, "4.2.13", "4.3.7"), undefined);
    assert.deepEqual(listRefusingRows(matrix, "4.2.13", "4.3.7"), []);
  });
});

describe("versions", () => {
  it("are all exact releases, sources and targets, oldest first, without wildcards", () => {
    assert.deepEqual(listVersions(matrixOf("4.10.1 > 4.10.2 +", "4.1.x > 4.3.6 -", "4.9.5 > 4.10.1 -")), [
      "4.3.6",
      "4.9.5",
      "4.10.1",
      "4.10.2",
    ]);
  });
});
