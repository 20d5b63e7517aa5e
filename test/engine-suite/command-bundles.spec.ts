import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const dist = join(findPackageRoot(), "dist", "bin");
const matrix = ["--matrix", "palette-kubernetes-4.7.20"];
const route = ["plan", "--from", "4.1.12", "--to", "4.7.20", ...matrix];
const explained = ["gate", "rollout", "--explain"];

describe("the files that plans and gates start from", () => {
  /** Runs a file that the build made of the command line. */
  function run(file: string, args: string[]): [status: number | null, stdout: string, stderr: string] {
    const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(dist, file), ...args], {
      encoding: "utf8",
    });
    return [status, stdout, stderr];
  }

  const cases: [title: string, args: string[], status: number][] = [
    ["a route", [...route, "--avoid", "4.6.36"], 0],
    ["a route as a page", [...route, "--output", "html"], 0],
    ["a refusal", ["plan", "--from", "4.6.43", "--to", "4.7.20", ...matrix], 3],
    ["warnings as exit code", ["plan", "--from", "4.1.12", "--to", "4.7.20", "--warnings-as-exit-code"], 4],
    ["a version that is none, an error of our own", ["plan", "--from", "x", "--to", "4.7.20"], 2],
    ["a matrix that is not shipped", ["plan", "--from", "4.1.12", "--to", "4.7.20", "--matrix", "nope"], 2],
    ["an option that is none", ["plan", "--fron", "4.1.12"], 2],
    ["what is missing", ["plan", "--from", "4.1.12"], 2],
    ["help", ["plan", "--help"], 0],
    ["a gate explained", explained, 0],
    ["a gate that is none, an error of our own", ["gate", "nope"], 2],
    ["a kubeconfig that is not there", ["gate", "rollout", "--to", "4.7.20", "--kubeconfig", "nope"], 2],
  ];
  for (const [title, args, status] of cases) {
    it(`say what the whole command line says: ${title}`, () => {
      const answer = run(`${args[0]}.js`, args);
      assert.equal(answer[0], status, answer[2]);
      assert.deepEqual(answer, run("palette-upgrade.js", args));
    });
  }

  it("hold no texts of zod in other languages, as a named import of `z` would bring them all", () => {
    const dutch = "Ongeldige invoer";
    const require = createRequire(__filename);
    assert.ok(readFileSync(join(dirname(require.resolve("zod")), "v4", "locales", "nl.js"), "utf8").includes(dutch));
    for (const file of ["plan.js", "gate.js", "../program.js"])
      assert.ok(!readFileSync(join(dist, file), "utf8").includes(dutch), file);
  });

  it("ask for no module that Node warns of: gates would say so at each start, from Node 21 on", () => {
    for (const file of ["plan.js", "gate.js", "../program.js"])
      assert.doesNotMatch(readFileSync(join(dist, file), "utf8"), /require\("(node:)?punycode"\)/, file);
  });

  for (const [file, args] of [
    ["plan.js", route],
    ["gate.js", explained],
  ] as const) {
    it(`${file} needs no other file of the build, which would have errors of its own`, () => {
      const folder = mkdtempSync(join(findPackageRoot(), "dist", "alone-"));
      const alone = join(folder, "bin", file);
      try {
        mkdirSync(dirname(alone));
        copyFileSync(join(dist, file), alone);
        assert.deepEqual(run(alone, [...args]), run(file, [...args]));
        const [status, , stderr] = run(alone, ["matrix", "list"]);
        assert.equal(status, 1);
        assert.match(
          stderr,
          /Cannot find module '.+alone-.+matrix-commands\.js'/,
          "twin: what others need is not in it",
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
