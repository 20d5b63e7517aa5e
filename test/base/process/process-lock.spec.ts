import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { acquireLock, findLockOwner } from "../../../lib/base/process/process-lock.js";
import { folderOfTest } from "../../journal/folder-of-test.js";

const since = "2026-11-21T10:00:00.000Z";

describe("who holds a lock", () => {
  const folder = folderOfTest();
  const state = (): string => folder.path("state");
  const file = (): string => folder.path("state.lock");

  it("nobody, where there is none", () => assert.equal(findLockOwner(state()), null));

  it("the living process that took it; the look leaves it is", () => {
    const lock = acquireLock(state(), new Date(since));
    const held = readFileSync(file(), "utf8");
    assert.deepEqual(findLockOwner(state()), { process: process.pid, host: hostname(), since });
    assert.equal(readFileSync(file(), "utf8"), held);
    lock.release();
    assert.equal(findLockOwner(state()), null);
  });

  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const files: { title: string; text: string; owner: ReturnType<typeof findLockOwner> }[] = [
    {
      title: "a process that is gone",
      text: JSON.stringify({ pid: ended, begun: "1", host: hostname(), since }),
      owner: null,
    },
    {
      title: "a later process with the same number",
      text: JSON.stringify({ pid: process.pid, begun: "1", host: hostname(), since }),
      owner: null,
    },
    {
      title: "another machine, of which nobody can tell here",
      text: JSON.stringify({ pid: ended, begun: "1", host: "elsewhere", since }),
      owner: { process: ended, host: "elsewhere", since },
    },
    { title: "a file that cannot be read", text: "{", owner: "unreadable" },
  ];
  for (const { title, text, owner } of files) {
    it(`${title}: ${owner === null ? "told as free" : "told"}, and the file stays`, () => {
      writeFileSync(file(), text);
      assert.deepEqual(findLockOwner(state()), owner);
      assert.equal(readFileSync(file(), "utf8"), text);
    });
  }
});
