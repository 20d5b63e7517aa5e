import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

describe("npm run generate", () => {
  it("every generated file is up to date", () => {
    const tsx = join(root, "node_modules", "tsx", "dist", "cli.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, "scripts/generate.mjs", "--check"], {
      cwd: root,
      // c8 cannot read the source maps of this process, whose modules have data: addresses.
      env: { ...process.env, NODE_V8_COVERAGE: undefined },
      encoding: "utf8",
    });
    assert.deepEqual([status, stderr], [0, ""], stdout);
    assert.match(stdout, /^data\/schemas\/rows\.d\.ts: up to date$/m);
  }).timeout(60_000);
});
