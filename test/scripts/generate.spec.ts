import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

describe("npm run generate", () => {
  it("every generated file is up to date", () => {
    // Coverage reports cannot read the source maps of this process, whose modules have data: addresses.
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    const tsx = join(root, "node_modules", "tsx", "dist", "cli.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, "scripts/generate.mjs", "--check"], {
      cwd: root,
      env,
      encoding: "utf8",
    });
    assert.deepEqual([status, stderr], [0, ""], stdout);
    assert.match(stdout, /^data\/schemas\/rows\.d\.ts: up to date$/m);
  }).timeout(60_000);
});
