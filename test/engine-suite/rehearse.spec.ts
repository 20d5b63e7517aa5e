import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const cli = join(findPackageRoot(), "bin", "palette-upgrade");
const road = ["--from", "4.6.41", "--to", "4.7.20", "--matrix", "palette-kubernetes-4.7.20"];

describe("rehearse, as npm start runs it", function () {
  this.timeout(300_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "palette-rehearse-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function rehearse(...more: string[]): Promise<{ exitCode: number | null; output: string; progress: string }> {
    const child = spawn(process.execPath, [cli, "rehearse", "--dir", folder, ...road, ...more], {
      env: { ...process.env, NO_COLOR: "1" },
    });
    let [output, progress] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (progress += text));
    return new Promise((resolve) => child.once("close", (exitCode) => resolve({ exitCode, output, progress })));
  }

  it("4.6.41 -> 4.7.20 with a member that lags: refused before anything moves", async () => {
    const { exitCode, output, progress } = await rehearse("--fault", "member-lagging");
    assert.equal(exitCode, 3, output + progress);
    assert.match(output + progress, /LAG: mongo-2 is 120\.0 s behind, expected at most 10 s/);
    assert.doesNotMatch(output, /superseded/);
  });

  it("4.6.41 -> 4.7.20 with the fault fixed: goes on, arrives, and names whom it asked", async () => {
    const { exitCode, output, progress } = await rehearse();
    assert.equal(exitCode, 0, output + progress);
    assert.match(output, /4\.6\.41 -> 4\.7\.20: rehearsed, 1 hop, settled\./);
    assert.match(output + progress, /acme\/pcg-vsphere/);
    assert.doesNotMatch(output + progress, /\[secret\]/);
  });
});
