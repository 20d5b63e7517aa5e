// The driver on the embedded engine as a process of its own, so that it can be killed. What it is to do comes on stdin: it
// holds keys. Runs what `npm run build` has made.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

const dist = join(__dirname, "../../../dist");
const { stdout } = require(join(dist, "lib/base/process/output.js"));
const { runInterruptibly } = require(join(dist, "lib/cli/interrupts.js"));
const { runUpCommand } = require(join(dist, "lib/cli/up/up-command.js"));
const { createEmbeddedEngine } = require(join(dist, "packages/rehearsal/lib/engine/engine.js"));
const { createConnectOptions } = require(join(dist, "lib/program/rehearsal/connect-options.js"));

let text = "";
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () => void main(JSON.parse(text)));

// The parent of one on a terminal is gone with it: its exit code is left in a file.
if (process.env.EXIT_FILE) process.on("exit", (code) => writeFileSync(process.env.EXIT_FILE, String(code)));

async function main({ projectDir, stateFile, config, environment, options }) {
  const engine = createEmbeddedEngine({ projectDir, stack: "dev", stateFile, config, environment });
  const plain = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
  const stack = {
    name: "dev",
    projectDir,
    engine,
    config: async () => ({ values: plain, secretKeys: Object.keys(config).filter((key) => config[key].secret) }),
    readOutputsOf: () => Promise.reject(new Error("this engine has one stack")),
    lockHolder: async () => null,
    state: null,
  };
  const all = { ...process.env, ...environment };
  const changed = {
    openStack: async () => stack,
    environment: all,
    clock: createConnectOptions(all).clock,
    host: "rig",
    isTerminal: false,
  };
  try {
    await runInterruptibly(async (shell) => {
      const { text, exitCode } = await runUpCommand(options, { ...shell, ...changed });
      stdout.write(text);
      process.exitCode = exitCode;
    });
  } catch (error) {
    stdout.write(
      JSON.stringify({
        outcome: "thrown",
        refusals: [{ code: error.code, message: error.message, next: error.next ?? null }],
      }),
    );
    process.exitCode = error.exitCode ?? 1;
  }
}
