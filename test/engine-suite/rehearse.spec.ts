import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const cli = join(findPackageRoot(), "bin", "palette-upgrade");
const route = ["--from", "4.6.41", "--to", "4.7.20", "--matrix", "palette-kubernetes-4.7.20"];

interface Ended {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  output: string;
  progress: string;
}

function runRehearsal(folder: string, more: string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(process.execPath, [cli, "rehearse", "--dir", folder, ...route, ...more], {
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
  let [output, progress] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (progress += text));
  return new Promise((resolve) =>
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal, output, progress })),
  );
}

describe("rehearse, as npm start runs it", function () {
  this.timeout(300_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "palette-rehearse-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function rehearse(...more: string[]): Promise<Ended> {
    return runRehearsal(folder, more);
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

describe("a rehearsal killed while hubble moves", function () {
  this.timeout(900_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-rehearse-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [moment, request] of [
    ["its revision has just been written", "POST /api/v1/namespaces/default/secrets"],
    [
      "its roll-out has begun and the revision before it is superseded",
      "PUT /api/v1/namespaces/default/secrets/sh.helm.release.v1.hubble.v1",
    ],
  ] as const) {
    it(`when ${moment}: the same command goes on and arrives`, async () => {
      const preload = join(__dirname, "support", "kill-after-request.cjs");
      const killed = await runRehearsal(folder, [], {
        NODE_OPTIONS: `--require ${JSON.stringify(preload)}`,
        KILL_AFTER_REQUEST: request,
      });
      assert.equal(killed.signal, "SIGKILL", killed.output + killed.progress);
      const { exitCode, output, progress } = await runRehearsal(folder);
      assert.equal(exitCode, 0, output + progress);
      assert.match(output, /\b2 +failed +spectro-mgmt-plane-4\.7\.20 +Upgrade "hubble" failed: context canceled/);
      assert.match(output, /\b3 +deployed +spectro-mgmt-plane-4\.7\.20 +Palette 4\.7\.20/);
      assert.match(output, /4\.6\.41 -> 4\.7\.20: rehearsed, 1 hop, settled\./);
    });
  }
});
