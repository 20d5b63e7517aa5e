import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { isDefunctStat, isProcessAlive } from "../../../lib/base/process/process-identity.js";

describe("whether a process lives", () => {
  it("this one does, one of another user too", () => {
    assert.equal(isProcessAlive(process.pid), true);
    assert.equal(isProcessAlive(1), true);
  });

  it("one that has ended does not", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    assert.equal(isProcessAlive(child.pid!), false);
  });

  it("one that was killed has ended with its last thread, not with its first", () => {
    const stat = (state: string, threads: number): string[] =>
      `${state} 32294 32294 31250 0 -1 4227084 2944 6587 12 2 3 1 4 1 20 0 ${threads} 0 166152 0 0`.split(" ");
    assert.equal(isDefunctStat(stat("Z", 1)), true);
    assert.equal(isDefunctStat(stat("X", 0)), true);
    assert.equal(isDefunctStat(stat("Z", 2)), false);
    assert.equal(isDefunctStat(stat("S", 1)), false);
  });

  it("nor one that has ended and is not collected by its parent", async function () {
    if (process.platform === "win32") return this.skip();
    // The shell becomes a program that waits for no child of its own, before its child ends.
    const parent = spawn("sh", ["-c", "sleep 1 & echo $!; exec sleep 30"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(line.toString());
      for (let tries = 0; isProcessAlive(pid); tries += 1) {
        assert.ok(tries < 100, "it counts as alive");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      process.kill(pid, 0);
    } finally {
      parent.kill("SIGKILL");
    }
  });
});
