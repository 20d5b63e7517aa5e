// The driver on the embedded engine as a process of its own, so that it can be killed. What it is to do comes on stdin: it
// holds keys. Runs what `npm run build` has made.
const { join } = require("node:path");

const dist = join(__dirname, "../../../dist");
const { stderr } = require(join(dist, "lib/base/process/output.js"));
const { runUpCommand } = require(join(dist, "lib/cli/up/up-command.js"));
const { createEmbeddedEngine } = require(join(dist, "packages/rehearsal/lib/engine/engine.js"));
const { createConnectOptions } = require(join(dist, "lib/program/rehearsal/connect-options.js"));

let text = "";
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () => void main(JSON.parse(text)));

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
  const shell = {
    openStack: async () => stack,
    environment: all,
    clock: createConnectOptions(all).clock,
    host: "rig",
    say: (text) => void stderr.write(`${text}\n`),
    output: stderr,
    colour: false,
    isTerminal: false,
    signal: new AbortController().signal,
  };
  try {
    const { text, exitCode } = await runUpCommand(options, shell);
    process.stdout.write(text);
    process.exitCode = exitCode;
  } catch (error) {
    process.stdout.write(
      JSON.stringify({
        outcome: "thrown",
        refusals: [{ code: error.code, message: error.message, next: error.next ?? null }],
      }),
    );
    process.exitCode = error.exitCode ?? 1;
  }
}
