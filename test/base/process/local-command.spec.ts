import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runLocal, type LocalResult } from "../../../lib/base/process/local-command.js";

const run = (script: string, more: { timeoutSeconds?: number; signal?: AbortSignal } = {}): Promise<LocalResult> =>
  runLocal({
    argv: ["sh", "-c", script],
    timeoutSeconds: 5,
    environment: {},
    signal: new AbortController().signal,
    ...more,
  });

/** Whether the process is there and no zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100 && isAlive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  return !isAlive(pid);
}

describe("a command on this machine", () => {
  it("tells exit code and both outputs; its standard input is empty", async () => {
    assert.deepEqual(await run("cat; echo out; echo err >&2; exit 75"), {
      exitCode: 75,
      stdout: "out\n",
      stderr: "err\n",
      timedOut: false,
      startFault: null,
    });
  });

  it("gets no secret of this process's environment, and none of what it does not need", async () => {
    process.env.PALETTE_API_KEY_0 = "planted-pass";
    process.env.PULUMI_CONFIG_PASSPHRASE = "planted-pass";
    try {
      const { stdout } = await run("cat /proc/self/environ; cat /proc/$PPID/environ");
      assert.ok(stdout.includes("PATH="), stdout);
      assert.ok(!stdout.includes("planted-pass"), stdout);
    } finally {
      delete process.env.PALETTE_API_KEY_0;
      delete process.env.PULUMI_CONFIG_PASSPHRASE;
    }
  });

  it("an argument is no shell's business", async () => {
    const signal = new AbortController().signal;
    const argv = ["printf", "%s", "$(id) `id` 'x' \"y\""];
    const { stdout } = await runLocal({ argv, timeoutSeconds: 5, environment: {}, signal });
    assert.equal(stdout, "$(id) `id` 'x' \"y\"");
  });

  it("is ended at its time limit, with all that it started", async () => {
    const { timedOut, exitCode, stdout } = await run("sleep 60 & echo $!; wait", { timeoutSeconds: 0.3 });
    assert.deepEqual([timedOut, exitCode], [true, null]);
    assert.ok(await gone(Number(stdout)));
  });

  it("what it leaves behind is ended with it", async () => {
    const { exitCode, stdout } = await run("sleep 60 & echo $!");
    assert.equal(exitCode, 0);
    assert.ok(await gone(Number(stdout)));
  });

  it("is ended at once when it is interrupted", async () => {
    const controller = new AbortController();
    const running = run("sleep 60", { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("interrupted")), 100);
    await assert.rejects(running, { message: "interrupted" });
  });

  it("ends with this process, even where that is killed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "palette-leash-"));
    const pidFile = join(folder, "pid");
    const script = join(folder, "gate.mts");
    const module = JSON.stringify(join(__dirname, "../../../lib/base/process/local-command.ts"));
    writeFileSync(
      script,
      `import { runLocal } from ${module};
await runLocal({ argv: ["sh", "-c", "echo $$ > ${pidFile}; sleep 60"], timeoutSeconds: 60, environment: {}, signal: new AbortController().signal });`,
    );
    const gate = spawn(process.execPath, ["--import", "tsx", script], {
      stdio: "ignore",
      cwd: join(__dirname, "../../.."),
    });
    const pid = await written(pidFile);
    assert.ok(isAlive(pid));
    gate.kill("SIGKILL");
    assert.ok(await gone(pid));
  });
});

async function written(file: string): Promise<number> {
  for (let i = 0; i < 500; i++) {
    try {
      const pid = Number(readFileSync(file, "utf8"));
      if (pid > 0) return pid;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${file} was not written`);
}
