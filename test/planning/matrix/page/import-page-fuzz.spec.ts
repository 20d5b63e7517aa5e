import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInputError } from "../../../../lib/base/errors/errors.js";
import { importPage } from "../../../../lib/planning/matrix/page/import-page.js";
import type { ImportedPage } from "../../../../lib/planning/matrix/page/import-types.js";
import { centred, heading } from "./small-page.js";

const minors = fc.integer({ min: 1, max: 9 });
const release = fc.tuple(minors, fc.integer({ min: 0, max: 40 })).map(([minor, patch]) => `4.${minor}.${patch}`);
const version = fc.oneof(
  { weight: 12, arbitrary: release },
  minors.map((minor) => `4.${minor}.x`),
  minors.map((minor) => `4.${minor}.a`),
);
const mark = fc.constantFrom(":white_check_mark:", ":x:", "✅", "❌", "[:question:](#why)", ":warning:");
const rowLine = fc
  .tuple(version, version, mark, fc.constantFrom("| ", ""))
  .map(([from, to, sign, border]) => `${border}${from} | ${to} | ${sign}${border === "" ? "" : " |"}`);
/** Lines that are no rows, whatever stands around them. */
const noise = fc.constantFrom(
  "",
  "",
  "**4.7.x**",
  "### 4.6.x",
  "Some words about 4.7.3.",
  ":::info",
  ":::",
  "<Tabs>",
  '<TabItem label="VMware" value="v">',
  "</TabItem>",
  "</Tabs>",
  "<!-- upgrade-paths:vmware-4.9:start -->",
  "<!-- and",
  "-->",
  "<details>",
  "```",
  "- item",
  "> said",
  "    indented",
  "| --- | --- |",
  "---",
  "<",
  "<br/>",
  "\\",
);
const line = fc.oneof(
  { weight: 8, arbitrary: rowLine.map((text) => ({ text, row: true })) },
  { weight: 3, arbitrary: noise.map((text) => ({ text, row: false })) },
  { weight: 2, arbitrary: fc.constantFrom(heading, centred).map((text) => ({ text, row: false })) },
);
const tableStart = [heading, centred].map((text) => ({ text, row: false }));
const pages = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
  .map(([lines, headed]) => (headed ? [...tableStart, ...lines] : lines));

function read(text: string): ImportedPage | undefined {
  try {
    return importPage(text, { edition: "palette", method: "kubernetes" });
  } catch (error) {
    assert.ok(error instanceof InvalidInputError, `threw ${String(error)} for ${JSON.stringify(text)}`);
    return undefined;
  }
}

function countOf(page: ImportedPage): number {
  return page.matrices.reduce((sum, { counts }) => sum + counts.rows + counts.duplicates, page.leftOut.length);
}

/** Rows of random pages contradict each other at random; one mark for all keeps the pages readable. */
function agreeing(text: string): string {
  return text.replace(/:white_check_mark:|✅|❌|\[:question:\]\(#why\)/g, ":x:");
}

describe("importPage never loses a row and never throws anything but InvalidInputError", () => {
  let pagesRead = 0;

  it("random lines: rows read and left out are exactly the rows there", () => {
    fc.assert(
      fc.property(pages, (lines) => {
        const page = read(`${agreeing(lines.map(({ text }) => text).join("\n"))}\n`);
        if (page === undefined) return;
        pagesRead++;
        const there = lines.flatMap(({ row }, index) => (row ? [index + 1] : []));
        assert.equal(countOf(page), there.length);
        const lost = page.leftOut.map((row) => row.line);
        const kept = page.matrices.flatMap((matrix) => matrix.rows.map((row) => row.line));
        for (const at of [...lost, ...kept]) assert.ok(at !== null && there.includes(at), `line ${at ?? 0} is no row`);
        assert.equal(new Set([...lost, ...kept]).size, lost.length + kept.length);
      }),
      { numRuns: 700 },
    );
    assert.ok(pagesRead > 100, `only ${pagesRead} pages were read at all`);
  });

  it("a page cut at any place: refused, or whole rows only", () => {
    const lines = ["# Palette", "", "**4.7.x**", "", heading, centred];
    for (let patch = 2; patch < 14; patch++) lines.push(`| 4.7.1 | 4.7.${patch} | :white_check_mark: |`);
    const text = `${lines.join("\n")}\n`;
    for (let end = 0; end < text.length; end++) {
      const page = read(text.slice(0, end));
      if (page === undefined) continue;
      const there = text
        .slice(0, end)
        .split("\n")
        .filter((each) => each.endsWith("k: |")).length;
      assert.equal(countOf(page), there, `cut at ${end}`);
      assert.equal(page.leftOut.length, 0, `cut at ${end}`);
    }
  });

  it("any text at all, and any text among the lines of a page", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({ unit: "grapheme", maxLength: 200 }),
    );
    fc.assert(
      fc.property(pages, text, fc.nat(), (lines, strange, at) => {
        const all = lines.map((each) => each.text);
        all.splice(at % (all.length + 1), 0, strange);
        read(strange);
        read(all.join("\n"));
      }),
      { numRuns: 200 },
    );
  });
});
