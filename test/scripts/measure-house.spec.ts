import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const script = join(findPackageRoot(), "scripts", "measure-house.mjs");

function measure(folder: string): Record<string, string> {
  const output = execFileSync(process.execPath, [script], { cwd: folder, encoding: "utf8" });
  const rows = output.trim().split("\n");
  return Object.fromEntries(rows.map((row) => [row.slice(0, 34).trim(), row.slice(34).trim().replace(/ +/g, " ")]));
}

describe("the measures of the house", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-house-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function measureFiles(files: Record<string, string>): Record<string, string> {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return measure(folder);
  }

  const cases: [string, Record<string, string>, Record<string, string>][] = [
    [
      "a circle, of types alone too",
      {
        "lib/base/a.ts": 'import type { B } from "./b.js";\n',
        "lib/base/b.ts": 'export type B = import("./a.js").A;\n',
      },
      { "circles of files": "1 lib/base/a.ts lib/base/b.ts", "upward imports": "0" },
    ],
    [
      "one way only is no circle",
      { "lib/base/a.ts": 'import type { B } from "./b.js";\n', "lib/base/b.ts": "export type B = 1;\n" },
      { "circles of files": "0" },
    ],
    [
      "an upward import, and one along a floor",
      {
        "lib/base/a.ts": 'import type { S } from "../site/s.js";\n',
        "lib/site/s.ts": "export type S = 1;\n",
        "lib/acts/x.ts": 'export * from "../driver/y.js";\n',
        "lib/driver/y.ts": 'export * from "../site/s.js";\n',
      },
      { "upward imports": "2 lib/acts/x.ts -> lib/driver/y.ts; lib/base/a.ts -> lib/site/s.ts" },
    ],
    [
      "verbs, in functions, methods and arrow functions",
      {
        "lib/base/a.ts":
          "function readFile() {}\nfunction fileName() {}\nclass A { writeFile() {} size() {} }\nconst toText = () => 1;\nconst textOf = () => 1;\n",
      },
      { "functions that begin with a verb": "50.0 % 3 of 6", "lines in lib": "5 1 files" },
    ],
    [
      "the largest folder and long files",
      { "lib/base/a.ts": "\n".repeat(301), "lib/base/b.ts": "\n".repeat(300), "lib/site/c.ts": "\n" },
      { "files in the largest folder": "2 lib/base", "files over 300 lines": "1 lib/base/a.ts" },
    ],
  ];
  for (const [title, files, expected] of cases) {
    it(title, () => {
      const measured = measureFiles(files);
      assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, measured[name]])), expected);
    });
  }

  it("this house has no circle and no upward import", () => {
    const measured = measure(findPackageRoot());
    assert.deepEqual([measured["circles of files"], measured["upward imports"]], ["0", "0"]);
  });
});
