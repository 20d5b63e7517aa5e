import assert from "node:assert/strict";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const nobody = 65534;

/** The command in a checkout that its user may only read. As root, another user runs it: root may write anywhere. */
describe("the command in somebody else's checkout", function () {
  this.timeout(120_000);
  let base: string;
  let checkout: string;
  let programs: string;
  let node = process.execPath;
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

  before(() => {
    programs = mkdtempSync(join(tmpdir(), "palette-node-"));
    if (spawnSync(node, ["--version"], user).status === 0) return;
    // This Node is in a folder of root's own.
    chmodSync(programs, 0o755);
    node = join(programs, "node");
    copyFileSync(process.execPath, node);
  });
  after(() => rmSync(programs, { recursive: true }));
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "palette-bin-"));
    chmodSync(base, 0o755);
    checkout = join(base, "checkout");
    for (const folder of ["checkout/dist/bin", "checkout/scripts", "home"])
      mkdirSync(join(base, folder), { recursive: true });
    for (const name of ["bin", "packages/command"])
      cpSync(join(findPackageRoot(), name), join(checkout, name), { recursive: true });
    writeFileSync(join(checkout, "dist/bin/palette-upgrade.js"), `console.log("ran", ...process.argv.slice(2));`);
    writePackage({});
    if ("uid" in user) chownSync(join(base, "home"), nobody, nobody);
  });
  afterEach(() => {
    setMode(0o755, 0o644);
    rmSync(base, { recursive: true });
  });

  function writePackage(more: object): void {
    const content = { name: "palette-upgrade", version: "0.1.0", private: true, workspaces: ["packages/*"], ...more };
    writeFileSync(join(checkout, "package.json"), JSON.stringify(content));
  }

  function setMode(folder: number, file: number): void {
    chmodSync(checkout, 0o755);
    for (const entry of readdirSync(checkout, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isDirectory()) chmodSync(path, folder);
      else if (entry.isFile()) chmodSync(path, file | (statSync(path).mode & 0o111));
    }
    chmodSync(checkout, folder);
  }

  function run(command: string, args: string[]): SpawnSyncReturns<string> {
    const env = {
      PATH: process.env.PATH,
      HOME: join(base, "home"),
      npm_config_update_notifier: "false",
      // Node hands it on unless it is named here; this user may not write into the folder of the coverage.
      NODE_V8_COVERAGE: undefined,
    };
    return spawnSync(command, args, { cwd: checkout, env, encoding: "utf8", ...user });
  }

  const runCommand = (): SpawnSyncReturns<string> => run(node, ["bin/palette-upgrade", "plan"]);

  const faults: [title: string, change: () => void, message: () => string][] = [
    ["that is not built", () => rmSync(join(checkout, "dist"), { recursive: true }), () => "not built yet; run npm run build"],
    ["whose dependencies are not installed", () => writeFileSync(join(checkout, "dist/bin/palette-upgrade.js"), `require("@acme/absent/part.js");`), () => "its dependencies are not installed (@acme/absent is missing); run npm ci"],
  ]; // prettier-ignore
  for (const [title, change, message] of faults) {
    it(`${title}: it says so, and that somebody has to do it who may write there`, () => {
      change();
      setMode(0o555, 0o444);
      const { status, stdout, stderr } = runCommand();
      const said = `palette-upgrade: ${message()} as a user who may write to ${checkout}\n`;
      assert.deepEqual([status, stdout, stderr], [2, "", said]);
    });
  }

  it("whose build its user may not read: it says that", () => {
    chmodSync(join(checkout, "dist"), 0);
    if (!("uid" in user)) chmodSync(checkout, 0o555);
    const { status, stderr } = runCommand();
    const dist = join(checkout, "dist");
    chmodSync(dist, 0o755);
    assert.deepEqual(
      [status, stderr],
      [
        2,
        `palette-upgrade: this user cannot read ${dist} (EACCES); run chmod -R a+rX ${dist} as a user who may write to ${checkout}\n`,
      ],
    );
  });

  describe("what starts from one file", () => {
    beforeEach(() => {
      copyFileSync(join(findPackageRoot(), "scripts/compiled.cjs"), join(checkout, "scripts/compiled.cjs"));
      for (const name of ["plan", "gate"])
        writeFileSync(join(checkout, `dist/bin/${name}.js`), `console.log("${name}.js ran");`);
    });

    const whole = (...args: string[]): string => `${["ran", ...args].join(" ")}\n`;
    const starts: [args: string[], stdout: string][] = [
      [["gate", "mongo"], "gate.js ran\n"],
      [["plan", "--from", "4.1.12"], "plan.js ran\n"],
      [["plan", "--stack", "prod"], whole("plan", "--stack", "prod")],
      [["plan", "--stack=prod"], whole("plan", "--stack=prod")],
      [["status", "plan"], whole("status", "plan")],
      [[], whole()],
    ];
    for (const [args, stdout] of starts) {
      it(`"${args.join(" ")}": ${stdout.trim()}`, () => {
        assert.equal(run(node, ["bin/palette-upgrade", ...args]).stdout, stdout);
      });
    }

    it("a plan without its file is one of the whole command line", () => {
      rmSync(join(checkout, "dist/bin/plan.js"));
      assert.equal(runCommand().stdout, "ran plan\n");
    });
  });

  it("an error of its own is shown as it is", () => {
    writeFileSync(join(checkout, "dist/bin/palette-upgrade.js"), `throw new Error("planned");`);
    const { status, stderr } = runCommand();
    assert.equal(status, 1);
    assert.match(stderr, /Error: planned\n/);
  });

  function installByNpm(): void {
    const { status, stderr } = spawnSync("npm", ["install", "--offline", "--ignore-scripts", "--no-audit"], {
      cwd: checkout,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    setMode(0o555, 0o444);
  }

  const installed = (): boolean => existsSync(join(base, "home/.npm/_npx"));

  it("npx runs it at once: nothing is installed or built", () => {
    installByNpm();
    const { status, stdout, stderr } = run("npx", ["palette-upgrade", "plan"]);
    assert.deepEqual([status, stdout, installed()], [0, "ran plan\n", false], stderr);
  });

  it("a bin of the root package itself would be installed first", () => {
    writePackage({ bin: { "palette-upgrade": "bin/palette-upgrade" } });
    installByNpm();
    run("npx", ["palette-upgrade", "plan"]);
    assert.ok(installed());
  });

  it("the root package has none, and the one that has it is a workspace of it", () => {
    const read = (name: string): Record<string, unknown> =>
      JSON.parse(readFileSync(join(findPackageRoot(), name), "utf8")) as Record<string, unknown>;
    assert.equal(read("package.json").bin, undefined);
    assert.deepEqual(read("package.json").workspaces, ["packages/*"]);
    assert.deepEqual(read("packages/command/package.json").bin, { "palette-upgrade": "palette-upgrade.cjs" });
    const { packages } = read("package-lock.json") as { packages: Record<string, object> };
    assert.deepEqual(packages["node_modules/@palette-upgrade/command"], { resolved: "packages/command", link: true });
  });
});
