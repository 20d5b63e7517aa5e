import assert from "node:assert/strict";
import { importPage } from "../../../../lib/planning/matrix/page/import-page.js";
import { loadMatrix } from "../../../../lib/planning/matrix/load.js";
import type { Matrix, MatrixRow } from "../../../../lib/planning/matrix/types.js";
import { pageStyles, writePage } from "./page-writer.js";

const sets = [
  ["palette-kubernetes-4.7.20"],
  ["palette-vmware-4.9.51", "palette-kubernetes-4.9.51", "palette-appliance-4.9.51"],
  ["vertex-appliance-4.9.51", "vertex-vmware-4.9.51"],
];

/** Makes every seventh row conditional, so that all three marks make the trip. */
function withConditional(matrix: Matrix): Matrix {
  const rows = matrix.rows.map((row, index): MatrixRow => (index % 7 === 3 ? { ...row, mark: "conditional" } : row));
  return { ...matrix, rows };
}

const withoutLine = ({ from, to, mark, section }: MatrixRow): unknown => ({ from, to, mark, section });

describe("a shipped matrix written as a page and read again is the same", () => {
  for (const style of pageStyles) {
    for (const ids of sets) {
      it(`${style.name}: ${ids.join(", ")}`, () => {
        const matrices = ids.map((id) => withConditional(loadMatrix(id)));
        const written = style.environments === "path" ? matrices.slice(0, 1) : matrices;
        const text = writePage(written, style);

        const read = importPage(text);

        assert.deepEqual(read.warnings, []);
        assert.deepEqual(
          read.matrices.map(({ edition, method, rows }) => ({ edition, method, rows: rows.map(withoutLine) })),
          written.map(({ edition, method, rows }) => ({ edition, method, rows: rows.map(withoutLine) })),
        );
        const lines = text.split("\n");
        for (const row of read.matrices.flatMap((matrix) => matrix.rows)) {
          const cells = (lines[(row.line ?? 0) - 1] ?? "").split("|").map((cell) => cell.trim());
          assert.ok(
            cells.includes(row.from) && cells.includes(row.to),
            `line ${row.line ?? 0} of ${row.from} -> ${row.to}`,
          );
        }
      });
    }
  }
});
