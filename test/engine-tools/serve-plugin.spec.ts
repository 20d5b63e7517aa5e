import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { descendants, isAlive } from "../engine-suite/driver/processes.js";

const plugins = ["language-host", "command-plugin"];

describe("a plugin of the tests", function () {
  this.timeout(60_000);

  function start(shellCommand: string): ChildProcess {
    return spawn("/bin/sh", ["-c", shellCommand], {
      cwd: findPackageRoot(),
      env: { ...process.env, NODE: process.execPath },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  for (const plugin of plugins)
    it(`${plugin} names its port first, and ends when its engine is gone`, async () => {
      const engine = start(`"$NODE" --import tsx test/engine-tools/plugins/${plugin}.ts 127.0.0.1:1 & wait`);
      const [line] = (await once(engine.stdout!, "data")) as [Buffer];
      assert.match(line.toString(), /^\d+\n$/);
      const started = descendants(engine.pid!).map(({ pid }) => pid);
      assert.ok(started.length > 0);
      engine.kill("SIGKILL");
      for (let tries = 0; started.some(isAlive); tries += 1) {
        assert.ok(tries < 400, "the plugin still runs");
        await sleep(50);
      }
    });

  it("without the engine's address does not start", async () => {
    const plugin = start(`exec "$NODE" --import tsx test/engine-tools/plugins/command-plugin.ts --tracing`);
    let text = "";
    plugin.stderr!.on("data", (bytes: Buffer) => (text += bytes.toString()));
    const [code] = (await once(plugin, "close")) as [number];
    assert.equal(code, 1);
    assert.match(text, /Error: a plugin is started by the engine, with the engine's address/);
  });
});
