import assert from "node:assert/strict";
import type { Settings } from "../../lib/settings/schema.js";
import { inspectLock, refuseIfLocked } from "../../lib/driver/inspect-lock.js";
import type { LockHolder, StackAccess } from "../../lib/engine/stack-access.js";
import { stackAccess } from "./stack-access.js";

const around = { environment: {}, host: "ci-7" };
/** Nobody can look at a cluster with these. */
const settings = {} as Settings;
const met = "Another update of this stack is under way, created by ana@desk (pid 12) at 2026-11-20T10:00:00Z.";

function locked(name: "pulumi" | "embedded", holder: LockHolder | null): StackAccess {
  return stackAccess({ engine: { name }, lockHolder: () => Promise.resolve(holder) });
}

function found(message: string): { code: string; message: string; next: string } {
  return { code: "STACK_LOCKED", message, next: "Wait." };
}

describe("who holds a stack", () => {
  const own: LockHolder = { user: "ben", host: "ci-7", pid: process.pid, since: "2026-11-20T11:00:00Z" };
  const cases: [title: string, holder: LockHolder | null, said: string, message: string, next: RegExp][] = [
    [
      "a file backend tells by itself, also whether that process lives",
      own,
      met,
      `Stack prod is locked by ben@ci-7 (process ${process.pid}) since 2026-11-20T11:00:00Z; that process is alive.`,
      /^Wait until that run has ended, then run the same command again\.$/,
    ],
    [
      "a bucket tells nobody: the refused update's own words name the holder",
      null,
      met,
      "Stack prod is locked by ana@desk (process 12) since 2026-11-20T10:00:00Z.",
      /^Look on desk whether that run still lives; if so, wait for it\.\nThe cluster could not be asked/,
    ],
    [
      "nor do they always",
      null,
      "Another update of this stack is under way.",
      "Stack prod is locked by another update.",
      /^Find out who runs it\./,
    ],
  ];
  for (const [title, holder, said, message, next] of cases) {
    it(title, async () => {
      const refusal = await inspectLock(locked("pulumi", holder), settings, around, found(said));
      assert.equal(refusal.message, message);
      assert.match(refusal.next ?? "", next);
    });
  }

  it("the embedded engine's own words stand", async () => {
    assert.deepEqual(await inspectLock(locked("embedded", null), settings, around, found("held")), found("held"));
  });

  it("is asked before anything is driven: held is not now, free is nothing", async () => {
    await assert.rejects(refuseIfLocked(locked("pulumi", own), settings, around), {
      code: "STACK_LOCKED",
      exitCode: 5,
    });
    await refuseIfLocked(locked("pulumi", null), settings, around);
  });
});
