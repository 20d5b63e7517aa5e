import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const dist = join(findPackageRoot(), "dist", "bin");
const route = ["--from", "4.1.12", "--to", "4.7.20", "--matrix", "palette-kubernetes-4.7.20"];

describe("the file that plans start from", () => {
  /** Runs one of the two files the build made of the command line. */
  function run(file: string, args: string[]): [status: number | null, stdout: string, stderr: string] {
    const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(dist, file), ...args], {
      encoding: "utf8",
    });
    return [status, stdout, stderr];
  }

  const cases: [title: string, args: string[], status: number][] = [
    ["a route", [...route, "--avoid", "4.6.36"], 0],
    ["a route as a page", [...route, "--output", "html"], 0],
    ["a refusal", ["--from", "4.6.43", "--to", "4.7.20", "--matrix", "palette-kubernetes-4.7.20"], 3],
    ["warnings as exit code", ["--from", "4.1.12", "--to", "4.7.20", "--warnings-as-exit-code"], 4],
    ["a version that is none, an error of our own", ["--from", "x", "--to", "4.7.20"], 2],
    ["a matrix that is not shipped", ["--from", "4.1.12", "--to", "4.7.20", "--matrix", "nope"], 2],
    ["an option that is none", ["--fron", "4.1.12"], 2],
    ["what is missing", ["--from", "4.1.12"], 2],
    ["help", ["--help"], 0],
  ];
  for (const [title, args, status] of cases) {
    it(`says what the whole command line says: ${title}`, () => {
      const answer = run("plan.js", ["plan", ...args]);
      assert.equal(answer[0], status, answer[2]);
      assert.deepEqual(answer, run("palette-upgrade.js", ["plan", ...args]));
    });
  }

  it("needs no other file of the build, which would have errors of its own", () => {
    const folder = mkdtempSync(join(findPackageRoot(), "dist", "alone-"));
    const alone = join(folder, "bin", "plan.js");
    try {
      mkdirSync(dirname(alone));
      copyFileSync(join(dist, "plan.js"), alone);
      assert.deepEqual(run(alone, ["plan", ...route]), run("plan.js", ["plan", ...route]));
      const [status, , stderr] = run(alone, ["matrix", "list"]);
      assert.equal(status, 1);
      assert.match(stderr, /Cannot find module '.+alone-.+matrix-commands\.js'/, "twin: what others need is not in it");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
