import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { acquireLock } from "../../../lib/base/process/process-lock.js";
import { folderOfTest } from "../../journal/folder-of-test.js";

const since = "2026-11-21T10:00:00.000Z";
const rounds = 60;
const contenders = 4;

describe("a lock that a killed process has left", () => {
  const folder = folderOfTest();
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const stale = JSON.stringify({ pid: ended, begun: "1", host: hostname(), since });

  it("is taken by exactly one of four processes that want it at once; the others are told that it is locked", async () => {
    for (let round = 0; round < rounds; round += 1) writeFileSync(folder.path(`state-${round}.lock`), stale);
    const code = `
      const { acquireLock } = require(${JSON.stringify(join(__dirname, "../../../lib/base/process/process-lock.ts"))});
      const { existsSync, writeFileSync } = require("node:fs");
      const [folder, name] = process.argv.slice(1);
      writeFileSync(folder + "/ready-" + name, "");
      const outcomes = [];
      for (let round = 0; round < ${rounds}; round++) {
        writeFileSync(folder + "/at-" + round + "-" + name, "");
        for (let other = 0; other < ${contenders}; other++) while (!existsSync(folder + "/at-" + round + "-" + other));
        try {
          acquireLock(folder + "/state-" + round);
          outcomes.push("taken");
        } catch (error) {
          outcomes.push(String(error.code));
        }
      }
      writeFileSync(folder + "/outcomes-" + name, JSON.stringify(outcomes));
      // A lock is another's to take as soon as its owner has ended.
      for (let other = 0; other < ${contenders}; other++) while (!existsSync(folder + "/outcomes-" + other));
    `;
    const exits = Array.from(
      { length: contenders },
      (_, name) =>
        new Promise((resolve) => {
          const args = ["--require", "tsx/cjs", "-e", code, folder.path(), String(name)];
          spawn(process.execPath, args, { cwd: join(__dirname, "../../.."), stdio: "inherit" }).on("exit", resolve);
        }),
    );
    assert.deepEqual(await Promise.all(exits), [0, 0, 0, 0]);
    const outcomes = Array.from(
      { length: contenders },
      (_, name) => JSON.parse(readFileSync(folder.path(`outcomes-${name}`), "utf8")) as string[],
    );
    for (let round = 0; round < rounds; round += 1) {
      const ofRound = outcomes.map((list) => list[round]!).sort();
      assert.deepEqual(ofRound, ["STACK_LOCKED", "STACK_LOCKED", "STACK_LOCKED", "taken"], `round ${round}`);
    }
    const left = readdirSync(folder.path()).filter((name) => /\.(tmp|claim)$/.test(name));
    assert.deepEqual(left, [], "no temporary file stays");
  });

  it("is taken although the process that was about to take it was killed, too", () => {
    writeFileSync(folder.path("state.lock"), stale);
    writeFileSync(folder.path("state.lock.claim"), stale);
    const lock = acquireLock(folder.path("state"));
    assert.match(
      lock.takenOver!,
      new RegExp(`^The last run \\(process ${ended} on .* ended without giving back its lock`),
    );
    assert.deepEqual(readdirSync(folder.path()), ["state.lock"]);
  });

  it("is left alone while a living process takes it", () => {
    writeFileSync(folder.path("state.lock"), stale);
    acquireLock(folder.path("state.lock.claim").replace(/\.lock\.claim$/, ".other"));
    writeFileSync(folder.path("state.lock.claim"), readFileSync(folder.path("state.other.lock"), "utf8"));
    assert.throws(() => acquireLock(folder.path("state")), {
      code: "STACK_LOCKED",
      exitCode: 5,
      message: `The state is locked: another process keeps taking it (${folder.path("state.lock")}).`,
    });
    assert.equal(readFileSync(folder.path("state.lock"), "utf8"), stale);
  });

  it("its file is this user's only, and a link under the name a temporary file once had is not followed", () => {
    const victim = folder.path("victim");
    mkdirSync(folder.path("locks"));
    writeFileSync(victim, "precious");
    for (const suffix of ["tmp", "dead"]) symlinkSync(victim, folder.path(`locks/state.lock.${process.pid}.${suffix}`));
    acquireLock(folder.path("locks/state"));
    assert.equal(readFileSync(victim, "utf8"), "precious");
    assert.equal(statSync(folder.path("locks/state.lock")).mode & 0o777, 0o600);
  });
});
