import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs"; // prettier-ignore
import { hostname } from "node:os";
import { join } from "node:path";
import { identifyProcess, type ProcessIdentity } from "../../../lib/base/process/process-identity.js";
import { createRunFolder, removeLeftFolders, type Remover } from "../../../lib/base/process/run-folder.js";
import { folderOfTest } from "../../journal/folder-of-test.js";

const user = process.getuid!();
const space = existsSync("/proc/self/ns/pid") ? readlinkSync("/proc/self/ns/pid") : "";
const remover: Remover = { user, host: hostname(), space, listEnvironments: () => [] };
const ended = spawnSync(process.execPath, ["-e", ""]).pid;
const gone = { pid: ended, begun: "1", host: hostname(), space };

describe("the folder of a run", () => {
  const folder = folderOfTest();

  function leave(name: string, marker: string): string {
    const path = folder.path(name);
    mkdirSync(join(path, "tmp"), { recursive: true });
    writeFileSync(join(path, "owner.json"), marker);
    writeFileSync(join(path, "tmp/kubeconfig1"), "token: planted");
    return path;
  }

  const leftFolder = (owner: object = gone): string => leave("palette-upgrade-left", JSON.stringify(owner));

  it("names its owner, and goes when it is removed", () => {
    const { path, remove } = createRunFolder(folder.path());
    assert.deepEqual(JSON.parse(readFileSync(join(path, "owner.json"), "utf8")), { ...identifyProcess(), space });
    remove();
    assert.deepEqual(readdirSync(folder.path()), []);
  });

  const kept: [title: string, change: () => { owner?: object; by?: Partial<Remover> }][] = [
    ["a living process of the same start time", () => ({ owner: { ...identifyProcess(), space } })],
    ["another host", () => ({ owner: { ...gone, host: "elsewhere" } })],
    ["another PID namespace", () => ({ owner: { ...gone, space: "pid:[1]" } })],
    ["another user", () => ({ by: { user: user + 1 } })],
    ["a provider that outlived it", () => ({ by: { listEnvironments: () => [`A=b\0TMPDIR=${folder.path("palette-upgrade-left")}/tmp\0`] } })], // prettier-ignore
    ["processes that the system does not show", () => ({ by: { listEnvironments: () => null } })],
    ["a marker without a PID", () => ({ owner: { host: hostname(), space } })],
  ];
  for (const [title, change] of kept) {
    it(`of ${title} stays`, () => {
      const { owner = gone, by = {} } = change();
      const path = leftFolder(owner);
      removeLeftFolders(folder.path(), { ...remover, ...by });
      assert.ok(existsSync(join(path, "tmp/kubeconfig1")));
    });
  }

  const removed: [title: string, owner: ProcessIdentity & { space: string }][] = [
    ["a process that is gone", gone],
    ["a process whose PID another one has now", { ...identifyProcess(), begun: "1", space }],
  ];
  for (const [title, owner] of removed) {
    it(`of ${title} is removed, with the kubeconfig in it`, () => {
      const path = leftFolder(owner);
      removeLeftFolders(folder.path(), { ...remover, listEnvironments: () => ["TMPDIR=/tmp\0"] });
      assert.ok(!existsSync(path));
    });
  }

  for (const [title, marker] of [
    ["is cut off", '{"pid": 1'],
    ["is empty", ""],
    ["is longer than any marker", JSON.stringify({ ...gone, more: "x".repeat(5000) })],
  ] as const) {
    it(`whose marker ${title} stays`, () => {
      const path = leave("palette-upgrade-left", marker);
      removeLeftFolders(folder.path(), remover);
      assert.ok(existsSync(path));
    });
  }

  it("without a marker stays, and so does a folder of another name", () => {
    mkdirSync(folder.path("palette-upgrade-bare"));
    leave("another-tool-left", JSON.stringify(gone));
    removeLeftFolders(folder.path(), remover);
    assert.deepEqual(readdirSync(folder.path()).sort(), ["another-tool-left", "palette-upgrade-bare"]);
  });

  it("a link in its place, or in the place of its marker, is not followed", () => {
    const target = leave("target", JSON.stringify(gone));
    symlinkSync(target, folder.path("palette-upgrade-link"));
    mkdirSync(folder.path("palette-upgrade-marker"));
    symlinkSync(join(target, "owner.json"), folder.path("palette-upgrade-marker/owner.json"));
    removeLeftFolders(folder.path(), remover);
    assert.deepEqual(readdirSync(folder.path()).sort(), ["palette-upgrade-link", "palette-upgrade-marker", "target"]);
    assert.ok(existsSync(join(target, "tmp/kubeconfig1")));
  });

  it("a link inside of it is removed, and what it leads to is not", () => {
    const victim = leave("victim", "precious");
    const path = leftFolder();
    symlinkSync(victim, join(path, "tmp/link"));
    removeLeftFolders(folder.path(), remover);
    assert.deepEqual([existsSync(path), existsSync(join(victim, "tmp/kubeconfig1"))], [false, true]);
  });

  const code = `
    const { createRunFolder } = require(${JSON.stringify(join(__dirname, "../../../lib/base/process/run-folder.ts"))});
    const { path } = createRunFolder(process.argv[1]);
    require("node:fs").writeFileSync(path + "/kubeconfig1", "token: planted");`;
  const args = (end: string): string[] => ["--require", "tsx/cjs", "-e", code + end, folder.path()];
  const cwd = join(__dirname, "../../..");

  it("goes when its process ends by an error", () => {
    const { status } = spawnSync(process.execPath, args("throw new Error('planned')"), { cwd });
    assert.equal(status, 1);
    assert.deepEqual(readdirSync(folder.path()), []);
  });

  it("of a killed run: stays while a process that it has started still uses it, and goes with the next run after that", async () => {
    const end = `
      const { spawn } = require("node:child_process");
      const child = spawn("sleep", ["60"], { env: { ...process.env, TMPDIR: path + "/tmp" }, detached: true, stdio: "ignore" });
      require("node:fs").writeSync(1, String(child.pid));
      process.kill(process.pid, "SIGKILL");`;
    const { signal, stdout } = spawnSync(process.execPath, args(end), { cwd, encoding: "utf8" });
    assert.equal(signal, "SIGKILL");
    const [name = ""] = readdirSync(folder.path());
    const copy = folder.path(join(name, "kubeconfig1"));
    try {
      createRunFolder(folder.path()).remove();
      assert.ok(existsSync(copy));
    } finally {
      process.kill(Number(stdout), "SIGKILL");
    }
    for (const until = Date.now() + 10_000; existsSync(copy) && Date.now() < until;) {
      createRunFolder(folder.path()).remove();
      await once(spawn("sleep", ["0.05"]), "exit");
    }
    assert.deepEqual(readdirSync(folder.path()), []);
  });
});
