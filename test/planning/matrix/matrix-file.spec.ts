import assert from "node:assert/strict";
import { loadMatrixSchemaCheck } from "../../../lib/planning/matrix/check.js";
import { loadMatrix, listShippedIds } from "../../../lib/planning/matrix/load.js";
import { formatMatrixFile, parseMatrixFile } from "../../../lib/planning/matrix/matrix-file.js";
import { checkMatrixShape } from "../../../lib/planning/matrix/matrix-shape.js";
import { findRowLines } from "../../../lib/planning/matrix/row-lines.js";
import { smallMatrix, spoilt } from "./matrix-texts.js";

describe("the shape of a matrix file", () => {
  it("a sound one has no fault, by hand and by schema", async () => {
    assert.deepEqual(checkMatrixShape(smallMatrix()), []);
    assert.deepEqual((await loadMatrixSchemaCheck())(smallMatrix()), []);
  });

  for (const { what, spoil, fault } of spoilt) {
    it(`${what}: named by hand, refused by the schema too`, async () => {
      const matrix = smallMatrix();
      spoil(matrix);

      assert.deepEqual(checkMatrixShape(matrix), [fault]);
      assert.ok((await loadMatrixSchemaCheck())(matrix).length > 0, "the schema accepts it");
    });
  }

  it("a row that does not go up is a fault (the schema cannot tell)", () => {
    const matrix = smallMatrix();
    matrix.rows[0] = ["4.10.3", "4.9.20", "supported", "", null];
    matrix.rows[1] = ["4.9.20", "4.10.3", "supported", "", null];

    assert.deepEqual(checkMatrixShape(matrix), ["rows[0]: 4.10.3 -> 4.9.20 does not go up"]);
  });

  for (const value of [null, 4, "x", [], undefined]) {
    it(`${JSON.stringify(value)} is no object`, () => {
      assert.equal(checkMatrixShape(value).length, 1);
      assert.match(checkMatrixShape(value)[0] ?? "", /expected an object$/);
    });
  }
});

describe("parseMatrixFile", () => {
  const parse = (value: unknown): unknown => parseMatrixFile(JSON.stringify(value, null, 2), "mine.json");

  it("what is no JSON is named", () => {
    assert.throws(() => parseMatrixFile("{ rows", "mine.json"), {
      code: "MATRIX_NOT_JSON",
      message: /^mine\.json is not JSON: /,
    });
  });

  it("shows five faults and counts the others", () => {
    const rows = Array.from({ length: 7 }, () => ["4.7", "4.8.1", "supported", "", null]);

    assert.throws(() => parse({ ...smallMatrix(), rows }), {
      code: "MATRIX_INVALID",
      message: /^mine\.json is not a matrix: rows\[0\]\[0\]: .*rows\[4\]\[0\]: [^;]*; and 2 more\.$/,
    });
  });

  it("a contradiction names both lines of the file, and those of the page", () => {
    const matrix = smallMatrix();
    matrix.rows.push(["4.7.3", "4.7.20", "unsupported", "4.7", 12]);
    const lines = [matrix.rows.slice(0, -1), matrix.rows.slice(-1)].flat().map((row) => JSON.stringify(row));
    const head = JSON.stringify({ ...matrix, rows: 0 }).replace(/,"rows":0\}$/, "");
    const text = `${head},\n"rows": [\n${lines.join(",\n")}\n]}`;

    assert.throws(() => parseMatrixFile(text, "mine.json"), {
      code: "MATRIX_CONTRADICTION",
      exitCode: 2,
      message:
        "mine.json: 4.7.3 -> 4.7.20 is supported on line 3 and unsupported on line 6 (lines 5 and 12 of its page).",
    });
  });

  it("without lines of the page those of the file are named alone", () => {
    const matrix = smallMatrix();
    matrix.rows = [
      ["4.7.3", "4.7.20", "conditional", "", null],
      ["4.7.3", "4.7.20", "supported", "", null],
      ["4.7.3", "4.7.20", "unsupported", "", null],
    ];
    const text = formatMatrixFile({ ...parseRows(matrix.rows.slice(0, 1)) }).replace(
      /\n {2}\]\n/,
      ',\n    ["4.7.3", "4.7.20", "supported", "", null],\n    ["4.7.3", "4.7.20", "unsupported", "", null]\n  ]\n',
    );

    assert.throws(() => parseMatrixFile(text, "mine.json"), {
      message:
        "mine.json: 4.7.3 -> 4.7.20 is conditional on line 10 and supported on line 11. 1 more contradict each other.",
    });
  });

  it("negative twin: equal duplicates are kept once", () => {
    const matrix = smallMatrix();
    matrix.rows.push(["4.7.3", "4.7.20", "supported", "4.8", 12]);

    assert.deepEqual(parseMatrixFile(JSON.stringify(matrix), "mine.json").rows.length, 3);
  });

  for (const id of listShippedIds()) {
    it(`${id} is written and read again alike`, () => {
      const { sha256, ...matrix } = loadMatrix(id);

      assert.equal(sha256.length, 64);
      assert.deepEqual(parseMatrixFile(formatMatrixFile(matrix), id), matrix);
    });
  }
});

describe("findRowLines", () => {
  it("finds rows whatever the form of the file, and only those of the top-level list", () => {
    const text = '{"a":{"rows":[[1],[2]]},"x":"\\"rows\\": [[",\t"rows"\n:\n[["]",\n"y"],[2],\n\n["\\n"]],"z":[[1]]}';

    assert.deepEqual(findRowLines(text), [3, 4, 6]);
    assert.equal((JSON.parse(text) as { rows: unknown[] }).rows.length, 3);
  });

  it("no rows, no lines", () => {
    assert.deepEqual(findRowLines('{"row":[[1]]}'), []);
  });
});

function parseRows(rows: unknown[]): ReturnType<typeof parseMatrixFile> {
  return parseMatrixFile(JSON.stringify({ ...smallMatrix(), rows }), "x");
}
