import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

const root = join(__dirname, "../..");
const least = 3;

interface Row {
  kind: string;
  cases: number;
  file: string;
  titles: RegExp;
}

/** The rows of the table; a bar within a cell is written `\|`. */
function readRows(): Row[] {
  const text = readFileSync(join(root, "docs/field-cases.md"), "utf8");
  return [...text.matchAll(/^\| (\d\d|trust) +\| (\d+) +\| `(test\/[^`]+)` +\| `(.+)` +\|$/gm)].map(
    ([, kind = "", cases = "", file = "", titles = ""]) => ({
      kind,
      cases: Number(cases),
      file,
      titles: new RegExp(titles.replaceAll("\\|", "|")),
    }),
  );
}

/** The full titles of the tests in some files, which are loaded and not run. */
function listTitles(files: readonly string[]): { file: string; fullTitle: string }[] {
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const options = ["--no-config", "--require", "tsx", "--dry-run", "--reporter", "json"];
  const output = execFileSync(process.execPath, [mocha, ...options, ...files], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const { tests } = JSON.parse(output.slice(output.indexOf("{"))) as { tests: { file: string; fullTitle: string }[] };
  return tests.map(({ file, fullTitle }) => ({ file: relative(root, file), fullTitle }));
}

describe("docs/field-cases.md", function () {
  this.timeout(300_000);
  const rows = readRows();

  it("has each kind once", () => {
    const kinds = [...Array.from({ length: 33 }, (_, index) => String(index + 1).padStart(2, "0")), "trust"];
    assert.deepEqual(rows.map(({ kind }) => kind), kinds); // prettier-ignore
  });

  it("counts the tests that there are, at least three of a kind", () => {
    const titles = listTitles([...new Set(rows.map(({ file }) => file))]);
    const counted = rows.map(({ kind, file, titles: pattern }) => [
      kind,
      titles.filter((each) => each.file === file && pattern.test(each.fullTitle)).length,
    ]);
    assert.deepEqual(counted, rows.map(({ kind, cases }) => [kind, cases])); // prettier-ignore
    assert.deepEqual(rows.filter(({ cases }) => cases < least).map(({ kind }) => kind), []); // prettier-ignore
  });
});
