import assert from "node:assert/strict";
import { importPage } from "../../../../lib/planning/matrix/page/import-page.js";
import { detectOtherShape } from "../../../../lib/planning/matrix/page/other-shapes.js";

const snapshot = "a browser's accessibility snapshot, not the page's source";
const tabs = "text copied from a browser or a sheet, with tabs between the columns (TSV)";
const commas = "a sheet with commas between the columns (CSV)";
const blanks = "text copied from a terminal or a document, with blanks between the columns";
const lines = "text copied from a browser, with each cell on a line of its own";
const html = "HTML or XML as a browser shows it, not the page's source";
const piece = "a piece of HTML, not the page's source";
const drawn = "a table drawn with lines (reStructuredText or a terminal)";

const table = "| Source | Target |\n| --- | --- |\n| 4.7.16 | 4.7.20 |\n";
const patched = table.replace(/^/gm, " ");

const cases: [title: string, text: string, shape: string][] = [
  [
    "a patch of the page",
    `diff --git a/upgrade.md b/upgrade.md\n--- a/upgrade.md\n+++ b/upgrade.md\n@@ -10,4 +10,5 @@\n${patched}-| 4.5.23 | 4.6.41 |\n`,
    "a patch (diff), which shows a part of the page with lines that are gone",
  ],
  [
    "a patch without its head",
    `@@ -10,4 +10,5 @@ ## Supported\n${patched}+| 4.5.23 | 4.6.41 |\n`,
    "a patch (diff), which shows a part of the page with lines that are gone",
  ],
  ["escaped HTML", "&lt;table&gt;\n&lt;tr&gt;&lt;td&gt;4.7.16", "HTML with its signs escaped"],
  ["MediaWiki", '{| class="wikitable"\n|-\n| 4.7.16 || 4.7.20\n|}\n', "a table of MediaWiki"],
  ["Confluence", "||Source||Target||Support||\n|4.7.16|4.7.20|(/)|\n", "a table of a wiki (Confluence, Jira)"],
  ["LaTeX", "\\begin{tabular}{ll}\n4.7.16 & 4.7.20 \\\\\n\\end{tabular}\n", "LaTeX"],
  ["lines of a terminal", "│ 4.7.16 │ 4.7.20 │ yes │\n", drawn],
  ["YAML", "- from: 4.7.16\n  to: 4.7.20\n", "YAML"],
  ["a PDF", "%PDF-1.7\n", "a PDF document"],
  ["rich text", "{\\rtf1\\ansi 4.7.16}", "a rich text document (RTF)"],
  [
    "a web archive",
    'From: <Saved by Blink>\nSubject: Upgrade\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\ttype="text/html"\n\n<html>',
    "a web archive as a browser saves it (MHTML)",
  ],
  ["a page", "<!DOCTYPE html><html>", html],
  ["XML", '<?xml version="1.0"?>', html],
  ["JSON", '[{"from":"4.7.16"}]', "JSON"],
  ["a snapshot", '- table [ref=e1]:\n  - row "4.7.16 4.7.20 ✅" [ref=e2]:\n    - cell "4.7.16"', snapshot],
  ["a snapshot without references", '- main:\n  - table:\n    - rowgroup:\n      - row "4.7.16 4.7.20"', snapshot],
  ["a snapshot in YAML's quotes", "- 'row \"4.7.16 4.7.20\":'\n", snapshot],
  ["a snapshot in a page of Markdown", '# Page snapshot\n\n```yaml\n- cell "4.7.16" [ref=e1]\n```\n', snapshot],
  ["a table of HTML", "<table>\n<tr><td>4.7.16</td></tr></table>", piece],
  ["rows of HTML behind a comment", "<!-- copied -->\n<tr><td>4.7.16</td></tr>", piece],
  ["AsciiDoc", "= Upgrade\n\n|===\n|4.7.16 |4.7.20\n|===\n", "AsciiDoc"],
  ["reStructuredText", "+--------+--------+\n| 4.7.16 | 4.7.20 |\n+--------+--------+\n", drawn],
  ["tabs", "Source\tTarget\n4.7.16\t4.7.20\t✅\n", tabs],
  ["tabs, a range", "4.1.x\t4.3.6\n", tabs],
  ["commas", "Source,Target,Support\n4.7.16,4.7.20,yes\n", commas],
  ["semicolons and quotes", '"4.7.16";"4.7.20";"✅"\n', commas],
  ["blanks", "4.7.16    4.7.20    yes\n", blanks],
  ["a cell a line", "Source Version\nTarget Version\n4.7.16\n4.7.20\n✅\n", lines],
];

const pages: [title: string, text: string][] = [
  ["Markdown's table", "| Source Version | Target Version |\n| --- | --- |\n| 4.7.16 | 4.7.20 |\n"],
  ["Markdown's table without outer bars", "Source | Target\n--- | ---\n4.7.16 | 4.7.20\n"],
  ["a list of tables of contents", "- table of contents\n- row houses\n"],
  ["versions in a sentence", "Upgrade from 4.7.16, 4.7.20 or later.\n"],
  ["a list of versions", "- 4.7.16\n- 4.7.20\n"],
  ["Markdown's table beside a CSV", "4.7.16,4.7.20,x\n\n| a | b |\n|---|---|\n| 4.7.16 | 4.7.20 |\n"],
  ["Markdown's table beside a line of diff's colours", `${table}\n- @@ is a sign\n`],
  ["Markdown's table beside a wiki's", `${table}\n||a||b||\n`],
  ["front matter", "---\nsource: a page\nfrom: somewhere\n---\n\nText.\n"],
  ["an alternative in words", "Use 4.7.16 || 4.7.20.\n"],
  ["Markdown below a component", "<Tabs>\n\n| a |\n|---|\n</Tabs>\n"],
];

describe("shapes of a text that is no page of Markdown", () => {
  for (const [title, text, shape] of cases)
    it(`${title}: ${shape}`, () => {
      assert.equal(detectOtherShape(text), shape);
      assert.throws(() => importPage(text), {
        code: "PAGE_OTHER_FORMAT",
        exitCode: 2,
        message: `This is not an upgrade page: it is ${shape}.`,
        next: "Give the Markdown source of the vendor's upgrade page, fetched whole (spectrocloud/librarium, docs/docs-content/…/upgrade.md).",
      });
    });

  for (const [title, text] of pages)
    it(`negative twin: ${title} may be a page`, () => assert.equal(detectOtherShape(text), undefined));

  it("a long text is looked at in time in proportion to its length", () => {
    const started = performance.now();
    for (const text of ["|".repeat(400_000), "4.7.16 ".repeat(60_000), "\n".repeat(400_000), "- ".repeat(200_000)])
      detectOtherShape(text);
    assert.ok(performance.now() - started < 2000);
  });
});
