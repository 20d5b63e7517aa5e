import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

/** Names in the first column of the table whose first heading is `file`. */
function filesNamed(markdown: string): string[] {
  const rows = markdown.slice(markdown.search(/^\| file\b/m)).split("\n\n")[0]!;
  return [...rows.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name!);
}

describe("data/README.md", () => {
  const folder = join(findPackageRoot(), "data");
  const there = readdirSync(folder, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => name !== "README.md");
  const text = readFileSync(join(folder, "README.md"), "utf8");
  const missing = (readme: string): string[] => there.filter((name) => !filesNamed(readme).includes(name));

  it("its table names every file and folder of data/", () => assert.deepEqual(missing(text), []));

  it("negative twin: a file that only stands elsewhere in the text is found", () => {
    const without = text.replace(/^\| `gates\.json`.*\n/m, "");
    assert.deepEqual(missing(`${without}\n\n| \`gates.json\` |\n`), ["gates.json"]);
  });
});
