import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const scripts = join(findPackageRoot(), "scripts");

interface House {
  measureHouse(root: string): { rows: [name: string, figure: number | string, note: string][] };
}

describe("the measures of the house", function () {
  this.timeout(120_000);
  let folder: string;
  let house: House;
  before(async () => {
    house = (await import(pathToFileURL(join(scripts, "house.mjs")).href)) as House;
  });
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-house-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const measure = (root: string): Record<string, string> =>
    Object.fromEntries(house.measureHouse(root).rows.map(([name, figure, note]) => [name, `${figure} ${note}`.trim()]));

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
      "a circle of tests",
      {
        "test/base/a.spec.ts": 'import { b } from "./b.js";\n',
        "test/base/b.ts": 'import { a } from "./c/d.js";\n',
        "test/base/c/d.ts": 'export type B = import("../b.js").B;\n',
        "lib/base/a.ts": "\n",
      },
      { "circles of files": "1 test/base/b.ts test/base/c/d.ts", "lines in lib": "1 1 files" },
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
    const output = execFileSync(process.execPath, [join(scripts, "measure-house.mjs")], {
      cwd: findPackageRoot(),
      encoding: "utf8",
    });
    assert.match(output, /^circles of files +0\nupward imports +0\nfiles in the largest folder +\d+ {2}lib\//);
  });
});
