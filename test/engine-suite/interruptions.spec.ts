import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createEmbeddedEngine } from "../../packages/rehearsal/lib/engine/engine.js";
import { readState } from "../../packages/rehearsal/lib/engine/state.js";
import type { Engine } from "../../lib/engine/engine.js";
import { command, up, urnOf, type Declared } from "./support/cases.js";
import { embeddedTrial, type EmbeddedTrial } from "./support/embedded-trial.js";

const checkout = join(__dirname, "../..");

describe("Interruptions of the embedded engine", () => {
  let trial: EmbeddedTrial;
  beforeEach(() => (trial = embeddedTrial("declared")));
  afterEach(() => trial.dispose());

  function engineFor(resources: Declared[], environment: Record<string, string> = {}): Engine {
    const values = { ...up(resources).config, log: trial.workplace.logFile };
    return createEmbeddedEngine({
      projectDir: trial.workplace.program,
      stack: "dev",
      stateFile: trial.stateFile,
      config: Object.fromEntries(
        Object.entries(values).map(([key, value]) => [`declared:${key}`, { value, secret: false }]),
      ),
      environment: { LOG: trial.workplace.logFile, ...environment },
    });
  }

  async function logHas(line: string): Promise<void> {
    for (let tries = 0; !trial.workplace.log().includes(line); tries += 1) {
      assert.ok(tries < 600, `no "${line}" in the log`);
      await sleep(50);
    }
  }

  it("a signal ends running Commands with all they started, begins nothing more and keeps what is done", async () => {
    const abort = new AbortController();
    const stuck = command("b", {
      dependsOn: ["a"],
      text: 'echo waiting >> "$LOG"; sh -c "sleep 30; echo never >> \\"$LOG\\""; true',
    });
    const running = engineFor([command("a"), stuck, command("c", { dependsOn: ["b"] })]).up({ signal: abort.signal });
    await logHas("waiting");
    const begun = performance.now();
    abort.abort();
    const run = await running;
    assert.ok(performance.now() - begun < 3000, "it took long to end");
    assert.deepEqual([run.ok, run.interrupted], [false, true]);
    assert.deepEqual(
      run.steps.map(({ name, outcome }) => `${name} ${outcome}`),
      ["declared-dev succeeded", "a succeeded", "b failed"],
    );
    assert.match(run.diagnostics.at(-1)!.message, /^signal: killed: running /);
    const urns = readState(trial.stateFile, "declared", "dev").resources.map(({ urn }) => urn);
    assert.deepEqual(urns.slice(1), [urnOf("a")]);
    assert.equal(existsSync(`${trial.stateFile}.lock`), false);
    const again = await trial.run(
      up([command("a"), command("b", { dependsOn: ["a"] }), command("c", { dependsOn: ["b"] })]),
    );
    assert.deepEqual(again.log, ["ran b", "ran c"]);
  });

  it("as many Commands at once as there are gates are no leak of listeners, with a signal or without", async () => {
    const warnings: string[] = [];
    const followAdvice = ({ message }: Error): void => void warnings.push(message);
    process.on("warning", followAdvice);
    try {
      for (const options of [{}, { signal: new AbortController().signal }]) {
        const names = Array.from({ length: 12 }, (_, index) => `c${index}-${"signal" in options}`);
        // Each waits for all of its turn, so that they run at once.
        const all = `until [ "$(grep -c -e '-${"signal" in options}$' "$LOG")" -ge ${names.length} ]; do sleep 0.1; done`;
        const run = await engineFor(names.map((name) => command(name, { text: all }))).up(options);
        assert.ok(run.ok, run.diagnostics.map(({ message }) => message).join("\n"));
      }
    } finally {
      process.off("warning", followAdvice);
    }
    assert.deepEqual(warnings, []);
  });

  it("what the program prints once it is interrupted is not shown: it is about the engine's services that have closed", async () => {
    const preload = join(trial.workplace.folder, "preload.cjs");
    const trace = "Error: 14 UNAVAILABLE: resource monitor shut down\\n    at callErrorFromStatus (call.js:1:1)\\n";
    writeFileSync(
      preload,
      `if (process.argv[1].includes("cmd/run")) {
        require("node:fs").writeSync(2, "begun\\n");
        process.on("SIGINT", () => process.exit(1));
        process.on("exit", () => require("node:fs").writeSync(2, "${trace}"));
      }`,
    );
    const abort = new AbortController();
    const shown: string[] = [];
    const stuck = command("a", { text: 'echo waiting >> "$LOG"; sleep 30' });
    const running = engineFor([stuck], { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` }).up({
      signal: abort.signal,
      onEvent: (event) => void (event.kind === "diagnostic" && shown.push(event.message)),
    });
    await logHas("waiting");
    abort.abort();
    await running;
    assert.ok(shown.includes("begun"), "what it printed before is shown");
    assert.doesNotMatch(shown.join("\n"), /UNAVAILABLE|callErrorFromStatus/);
  });

  it("a signal that came before the run lets nothing begin", async () => {
    const run = await engineFor([command("a")]).up({ signal: AbortSignal.abort() });
    assert.deepEqual([run.ok, run.interrupted, run.steps], [false, true, []]);
  });

  it("kill -9 leaves a state that the next run takes up, and a lock that it takes over and explains", async () => {
    const script = join(trial.workplace.folder, "run.ts");
    writeFileSync(
      script,
      runnerScript(trial, [command("a"), command("b", { dependsOn: ["a"], text: 'echo waiting >> "$LOG"; sleep 2' })]),
    );
    const child = spawn(process.execPath, ["--require", "tsx/cjs", script], { cwd: checkout, stdio: "ignore" });
    await logHas("waiting");
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await closed;
    const state = readState(trial.stateFile, "declared", "dev");
    assert.deepEqual(
      state.resources.slice(1).map(({ urn }) => urn),
      [urnOf("a")],
    );
    const run = await engineFor([command("a"), command("b", { dependsOn: ["a"] })]).up();
    assert.equal(run.ok, true);
    assert.match(
      run.diagnostics[0]!.message,
      new RegExp(`^The last run \\(process ${child.pid} on .* since .*\\) ended without giving back its lock`),
    );
    assert.deepEqual(
      run.steps.map(({ name, operation }) => `${operation} ${name}`),
      ["same declared-dev", "same a", "create b"],
    );
  });

  it("a second run on the same state is refused while the first lives, a preview is not", async () => {
    const first = engineFor([command("a", { text: 'echo waiting >> "$LOG"; sleep 3' })]).up();
    await logHas("waiting");
    await assert.rejects(engineFor([command("a")]).up(), (error: Error & { code?: string; exitCode?: number }) => {
      assert.deepEqual([error.code, error.exitCode], ["STACK_LOCKED", 5]);
      assert.match(error.message, new RegExp(`^The state is locked: it is held by process ${process.pid} on `));
      return true;
    });
    assert.equal((await engineFor([command("a")]).preview()).ok, true);
    assert.equal((await first).ok, true);
  });

  it("a lock of another machine, or one that cannot be read, is never taken over", async () => {
    for (const [lock, words] of [
      [
        JSON.stringify({ pid: 1, begun: "", host: `not-${hostname()}`, since: "2026-01-01T00:00:00Z" }),
        /another machine/,
      ],
      ["{", /it cannot be read/],
    ] as const) {
      writeFileSync(`${trial.stateFile}.lock`, lock);
      await assert.rejects(engineFor([command("a")]).up(), words);
      assert.equal(readFileSync(`${trial.stateFile}.lock`, "utf8"), lock);
    }
  });

  it("a state file that is none, or another stack's, is refused", async () => {
    writeFileSync(trial.stateFile, "{");
    await assert.rejects(engineFor([]).up(), { code: "STATE_UNREADABLE" });
    writeFileSync(
      trial.stateFile,
      JSON.stringify({ version: 1, project: "other", stack: "dev", salt: "00", resources: [] }),
    );
    await assert.rejects(engineFor([]).preview(), { code: "STATE_FOREIGN" });
  });
});

function runnerScript({ workplace, stateFile }: EmbeddedTrial, resources: Declared[]): string {
  const config = Object.fromEntries(
    Object.entries({ ...up(resources).config, log: workplace.logFile }).map(([key, value]) => [
      `declared:${key}`,
      { value, secret: false },
    ]),
  );
  const options = {
    projectDir: workplace.program,
    stack: "dev",
    stateFile,
    config,
    environment: { LOG: workplace.logFile },
  };
  return `require(${JSON.stringify(join(checkout, "packages/rehearsal/lib/engine/engine.ts"))}).createEmbeddedEngine(${JSON.stringify(options)}).up();`;
}
