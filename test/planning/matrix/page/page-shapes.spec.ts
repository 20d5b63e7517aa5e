import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../../../lib/base/errors/errors.js";
import { importPage } from "../../../../lib/planning/matrix/page/import-page.js";
import type { ImportedPage } from "../../../../lib/planning/matrix/page/import-types.js";
import { shapes, type Shape } from "./page-shapes.js";

function summarize(page: ImportedPage): Omit<Shape, "text"> {
  return {
    read: Object.fromEntries(
      page.matrices.map(({ edition, method, rows }) => [
        `${edition} ${method}`,
        rows.map(({ from, to, mark, section }) => `${from} > ${to} ${mark} ${section}`),
      ]),
    ),
    duplicates: page.matrices.reduce((sum, { counts }) => sum + counts.duplicates, 0),
    leftOut: page.leftOut.length,
    unread: page.warnings.filter((warning) => warning.includes("was not read")).length,
    stopped: Object.fromEntries(
      page.stopped.map(({ edition, method, code, rows }) => [`${edition ?? "?"} ${method ?? "?"}`, { code, rows }]),
    ),
  };
}

describe("importPage: shapes made by mutation", () => {
  const seen = { read: 0, refused: 0, leftOut: 0, unread: 0, PAGE_TABLE_MOVED: 0, MATRIX_CONTRADICTION: 0 };

  it("rows read, stopped and left out are the rows there, each of its own edition, method and section", () => {
    fc.assert(
      fc.property(shapes, ({ text, ...expected }) => {
        if (Object.keys(expected.read).length === 0) {
          assert.throws(() => importPage(text), InvalidInputError);
          seen.refused++;
          return;
        }
        const page = importPage(text);
        assert.deepEqual(summarize(page), expected);
        const lines = text.split(/\r?\n/);
        for (const { line, from, to } of page.matrices.flatMap((matrix) => matrix.rows))
          assert.ok(
            lines[(line ?? 0) - 1]!.startsWith(`| ${from} | ${to} |`) ||
              lines[(line ?? 0) - 1]!.includes(`| ${from} | ${to} |`),
          );
        seen.read++;
        seen.leftOut += page.leftOut.length;
        seen.unread += expected.unread;
        for (const { code } of page.stopped) seen[code]++;
      }),
      { numRuns: 250 },
    );
  }).timeout(120_000);

  it("the shapes were of every kind", () => {
    for (const [kind, count] of Object.entries(seen)) assert.ok(count > 0, `${kind}: ${count}`);
  });
});
