import assert from "node:assert/strict";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const script = join(findPackageRoot(), "scripts", "side-by-side.mjs");

describe("npm scripts side by side", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "palette-side-by-side-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the script with an `npm` of the test's own: `$3` is the name of the npm script. */
  function run(npm: string | null, ...scripts: string[]): SpawnSyncReturns<string> {
    if (npm !== null) writeFileSync(join(folder, "npm"), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
    const PATH = npm === null ? folder : [folder, process.env.PATH].join(delimiter);
    return spawnSync(process.execPath, [script, ...scripts], { encoding: "utf8", env: { ...process.env, PATH } });
  }

  /** Blocks of output, in the order of the scripts' names; the order of their ends, and the times, are not fixed. */
  const listBlocks = ({ stdout }: SpawnSyncReturns<string>): string[] =>
    stdout
      .replace(/ in \d+ s$/gm, " in N s")
      .split(/(?=^\w+: (?:passed|FAILED))/m)
      .sort();

  it("each is run by npm, and what each printed stays together", () => {
    const ran = run('echo "$*"; sleep 0.2; echo "$3 warns" >&2', "lint", "typecheck", "third");
    assert.deepEqual(
      listBlocks(ran),
      ["lint", "third", "typecheck"].map((name) => `${name}: passed in N s\nrun --silent ${name}\n${name} warns\n`),
    );
    assert.equal(ran.status, 0);
  });

  it("negative twin: one fails: the others run to their end, exit 1", () => {
    const ran = run('echo "$3 printed"; [ "$3" != lint ] || exit 3', "lint", "typecheck", "third");
    assert.deepEqual(listBlocks(ran), [
      "lint: FAILED (exit 3) in N s\nlint printed\n",
      "third: passed in N s\nthird printed\n",
      "typecheck: passed in N s\ntypecheck printed\n",
    ]);
    assert.equal(ran.status, 1);
  });

  it("one that is killed is named with its signal", () => {
    const ran = run("kill -9 $$", "lint");
    assert.deepEqual([listBlocks(ran), ran.status], [["lint: FAILED (SIGKILL) in N s\n"], 1]);
  });

  it("where npm is missing, that is said", () => {
    const ran = run(null, "lint");
    assert.match(ran.stdout, /^lint: FAILED \(exit -2\) in \d+ s\nnpm cannot be run: spawn npm ENOENT\n$/);
    assert.equal(ran.status, 1);
  });

  it("no script is named: usage, exit 2", () => {
    const ran = run("exit 0");
    assert.deepEqual([ran.stderr, ran.status], ["Usage: node scripts/side-by-side.mjs SCRIPT… (names of npm scripts)\n", 2]); // prettier-ignore
  });
});
