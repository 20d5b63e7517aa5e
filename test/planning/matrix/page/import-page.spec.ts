import assert from "node:assert/strict";
import { InvalidInputError } from "../../../../lib/base/errors/errors.js";
import { importPage } from "../../../../lib/planning/matrix/page/import-page.js";
import type { ImportedPage, ImportHint } from "../../../../lib/planning/matrix/page/import-types.js";
import { centred, heading } from "./small-page.js";
import { mdxPages } from "./small-pages-mdx.js";
import { rowsPages } from "./small-pages-rows.js";
import { sectionsPages } from "./small-pages-sections.js";
import { whosePages } from "./small-pages-identity.js";

const signs = { supported: "+", unsupported: "-", conditional: "?" } as const;

function shortRows(page: ImportedPage): Record<string, string[]> {
  return Object.fromEntries(
    page.matrices.map(({ edition, method, rows }) => [
      `${edition} ${method}`,
      rows.map((row) => `${row.from} > ${row.to} ${signs[row.mark]} ${row.section}/ ${row.line ?? 0}`),
    ]),
  );
}

describe("importPage: one small page per peculiarity", () => {
  for (const { title, page, hint, expected, leftOut = [], warnings = [] } of [
    ...whosePages,
    ...sectionsPages,
    ...rowsPages,
    ...mdxPages,
  ]) {
    it(title, () => {
      const read = importPage(`${page.join("\n")}\n`, hint);

      assert.deepEqual(shortRows(read), expected);
      assert.deepEqual(
        read.leftOut.map((row) => `${row.line}: ${row.reason}`),
        leftOut,
      );
      const others = read.warnings.filter((warning) => !warning.startsWith("Line "));
      assert.deepEqual(others, warnings);
      assert.equal(read.warnings.length - others.length, leftOut.length);
    });
  }
});

describe("importPage: counts", () => {
  it("rows kept, duplicates and rows left out add up to the rows there", () => {
    const rows = [
      "4.7.3 | 4.7.15 | ✅",
      "4.7.3 | 4.7.15 | ✅",
      "4.7.3 | 4.7.a | ✅",
      "4.6.41 | 4.7.3 | ❌",
      "4.6.41 | 4.7.15 | ❓",
    ];
    const { matrices } = importPage(["# Palette on VMware", "", heading, centred, ...rows, ""].join("\n"));

    assert.deepEqual(
      matrices.map((matrix) => matrix.counts),
      [{ rows: 3, supported: 1, unsupported: 1, conditional: 1, duplicates: 1, leftOut: 1 }],
    );
  });
});

const row = "| 4.7.3 | 4.7.15 | :x: |";
const whole = [heading, centred, row, ""].join("\n");
const asked: ImportHint = { edition: "palette", method: "vmware" };

const refusedPages: { title: string; text: string; hint?: ImportHint; code: string; message: string; next?: string }[] =
  [
    { title: "empty", text: "", code: "PAGE_EMPTY", message: "This is not an upgrade page: it is empty." },
    {
      title: "blank",
      text: " \n\n",
      code: "PAGE_EMPTY",
      message: "This is not an upgrade page: it holds nothing but blanks.",
    },
    {
      title: "a Git LFS pointer",
      text: "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 9\n",
      code: "PAGE_LFS_POINTER",
      message: "This is a Git LFS pointer, not the page it points to.",
      next: "Fetch the page itself, for example with `git lfs pull`.",
    },
    {
      title: "binary",
      text: `\u0089PNG\0\u001a${whole}`,
      code: "PAGE_BINARY",
      message: "This is not an upgrade page: it holds 2 bytes that are no text, the first at 4.",
    },
    {
      title: "HTML",
      text: "<!DOCTYPE html>\n<html></html>",
      code: "PAGE_OTHER_FORMAT",
      message: "This is not an upgrade page: it is HTML or XML as a browser shows it, not the page's source.",
    },
    {
      title: "JSON",
      text: '{ "rows": [] }',
      code: "PAGE_OTHER_FORMAT",
      message: "This is not an upgrade page: it is JSON.",
    },
    {
      title: "a page without any upgrade table",
      text: "# Palette\n\n| A | B |\n| - | - |\n| 1 | 2 |\n",
      code: "PAGE_NO_MATRIX",
      message: "This page holds no upgrade table with rows (lines: 6, tables of another kind: 1).",
      next: "Give a page with a table headed Source Version, Target Version, Support.",
    },
    {
      title: "an upgrade table none of whose rows can be taken",
      text: [heading, centred, "| 4.7.3 | 4.7.a | :x: |", ""].join("\n"),
      hint: asked,
      code: "PAGE_NO_ROWS",
      message:
        'No row of this page can be taken (rows there: 1): line 3: its target "4.7.a" is a placeholder, not a release.',
    },
    {
      title: "neither edition nor method told",
      text: whole,
      code: "PAGE_UNTOLD",
      message: "The page does not report the edition or the install method of the table at line 1.",
      next: "Give --edition palette|vertex and --method kubernetes|vmware|appliance.",
    },
    {
      title: "only the method not reported",
      text: `# Palette\n\n${whole}`,
      code: "PAGE_UNTOLD",
      message: "The page does not report the install method of the table at line 3.",
      next: "Give --method kubernetes|vmware|appliance.",
    },
    {
      title: "a tab with prose only, asked for by its method",
      text: `# VerteX\n\n<TabItem label="VMware">\n\n${whole}\n</TabItem>\n<TabItem value="management-appliance" label="VerteX Management Appliance" >\n\nNothing yet.\n\n</TabItem>\n`,
      hint: { method: "appliance" },
      code: "PAGE_NO_MATRIX",
      message:
        'This page holds no upgrade table with rows for appliance: its tab "VerteX Management Appliance" at line 10 holds no such table.',
      next: "It holds rows for vmware; leave out --method to read them.",
    },
    {
      title: "a method asked for of which there is no tab",
      text: `# VerteX\n\n<TabItem label="VMware">\n\n${whole}\n</TabItem>\n`,
      hint: { method: "kubernetes" },
      code: "PAGE_NO_MATRIX",
      message: "This page holds no upgrade table with rows for kubernetes: none of its tabs is of it.",
    },
    {
      title: "title and path disagree and nothing was asked for",
      text: `# Palette on VMware\n\n${whole}`,
      hint: { path: "docs-content/vertex/upgrade.md" },
      code: "PAGE_AMBIGUOUS",
      message: "The edition of the page is not clear: its title says palette, its path says vertex.",
      next: "Give --edition.",
    },
    {
      title: "contradictions, across sections, all of them",
      text: [
        whole,
        "**4.8**",
        "",
        heading,
        centred,
        "| 4.7.3 | 4.7.15 | ✅ |",
        "| 4.6.41 | 4.7.3 | ❓ |",
        "| 4.6.41 | 4.7.3 | ❌ |",
        "",
      ].join("\n"),
      hint: asked,
      code: "MATRIX_CONTRADICTION",
      message:
        "The palette vmware rows contradict each other: 4.7.3 -> 4.7.15 is unsupported on line 3 and supported on line 9; " +
        "4.6.41 -> 4.7.3 is conditional on line 10 and unsupported on line 11.",
    },
    {
      title: "cut off in a mark",
      text: whole.slice(0, -6),
      hint: asked,
      code: "PAGE_TRUNCATED",
      message: 'The page ends in the middle of line 3, "| 4.7.3 | 4.7.15 |": it was cut off, so rows are missing.',
    },
    {
      title: "cut off before the last border",
      text: whole.slice(0, -2),
      hint: asked,
      code: "PAGE_TRUNCATED",
      message: 'The page ends in the middle of line 3, "| 4.7.3 | 4.7.15 | :x:": it was cut off, so rows are missing.',
    },
    {
      title: "cut off in a ruling",
      text: `${whole}\n${heading}\n| :--`,
      hint: asked,
      code: "PAGE_TRUNCATED",
      message: 'The page ends in the middle of line 6, "| :--": it was cut off, so rows are missing.',
    },
    {
      title: "cut off inside a tab",
      text: `<TabItem label="VMware">\n\n${whole}`,
      hint: asked,
      code: "PAGE_TRUNCATED",
      message: 'The page ends inside the tab "VMware" that line 1 opens, so rows may be missing.',
    },
    {
      title: "cut off inside a code block",
      text: `${whole}\n\`\`\`\ncode\n`,
      hint: asked,
      code: "PAGE_TRUNCATED",
      message: "The page ends inside the code block that line 5 opens: it was cut off, so rows are missing.",
    },
    {
      title: "cut off inside a comment",
      text: `${whole}\n<!-- and\n\n${row}\n`,
      hint: asked,
      code: "PAGE_TRUNCATED",
      message: "The page ends inside the comment that line 5 opens: it was cut off, so rows are missing.",
    },
    ...(
      [
        ["an MDX comment", "{/* and", "comment"],
        ["an expression", "{hidden && (", "expression"],
        ["a block of HTML", "<pre>", "block of HTML"],
      ] as const
    ).map(([what, opening, name]) => ({
      title: `cut off inside ${what}`,
      text: `${whole}\n${opening}\n\n${row}\n`,
      hint: asked,
      code: "PAGE_TRUNCATED",
      message: `The page ends inside the ${name} that line 5 opens: it was cut off, so rows are missing.`,
    })),
    {
      title: "an edition asked for of which the tabs hold no rows",
      text: `# Upgrade\n\n<TabItem label="VerteX">\n<TabItem label="VMware">\n\n${whole}\n</TabItem>\n</TabItem>\n`,
      hint: { edition: "palette" },
      code: "PAGE_NO_MATRIX",
      message: "This page holds no upgrade table with rows for palette: its tabs are of vertex.",
      next: "Leave out --edition to read them.",
    },
    {
      title: "a tab that cannot be read",
      text: `<TabItem label=>\n\n${whole}`,
      hint: asked,
      code: "PAGE_TAB_UNREADABLE",
      message: "The tab at line 1 cannot be read.",
    },
  ];

describe("importPage: what is no page, or not a whole one, is refused by name", () => {
  for (const { title, text, hint, code, message, next } of refusedPages) {
    it(title, () => {
      assert.throws(
        () => importPage(text, hint),
        (error) => {
          assert.ok(error instanceof InvalidInputError, String(error));
          assert.deepEqual(
            { code: error.code, message: error.message, exit: error.exitCode },
            { code, message, exit: 2 },
          );
          if (next !== undefined) assert.equal(error.next, next);
          return true;
        },
      );
    });
  }

  it("negative twin: the same page whole, without its last line break, is read with a warning", () => {
    const read = importPage(whole.trimEnd(), asked);

    assert.equal(read.matrices[0]?.rows.length, 1);
    assert.deepEqual(read.warnings, ["The page does not end with a line break; if it was cut off, rows are missing."]);
  });
});
