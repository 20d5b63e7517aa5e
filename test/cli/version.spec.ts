import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

describe("palette-upgrade --version", () => {
  it("prints version and commit, which nobody knows of code that runs from source", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    const shown = execFileSync(process.execPath, ["--import", "tsx", "bin/palette-upgrade.ts", "--version"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(shown, `palette-upgrade ${version} (unknown commit)\n`);
  }).timeout(60_000);
});
