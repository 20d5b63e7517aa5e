import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { runUpCommand, type UpShell } from "../../../lib/cli/up/up-command.js";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";

/** Runs a command on a terminal of its own, types the keys once it has asked, prints all that was shown. */
const onPty = `
import os, pty, sys
keys = sys.argv[1].encode().decode("unicode_escape").encode()
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown, typed = b"", False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    if not typed and b"[y/N] " in shown:
        typed = True
        os.write(terminal, keys)
os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
`;

/** The question as a run asks it, with its handling of Ctrl-C; tells the answer and what it heard. */
const asker = `
const { askOnTerminal } = require(process.argv[1]);
const stop = new AbortController();
process.on("SIGINT", () => stop.abort());
askOnTerminal(stop.signal)("Make the hop now? [y/N] ").then((answer) => {
  console.log("answer " + answer + ", terminal " + process.stdin.isTTY + ", interrupted " + stop.signal.aborted);
});
`;

const hasPython = spawnSync("python3", ["-c", "import pty"]).status === 0;

function answerTo(keys: string, screen: string): string {
  const command = [process.execPath, "-e", asker, screen];
  const { stdout } = spawnSync("python3", ["-c", onPty, keys, ...command], {
    cwd: findPackageRoot(),
    encoding: "utf8",
    timeout: 110_000,
  });
  return /answer .*/.exec(stdout)?.[0].trimEnd() ?? stdout;
}

describe("the confirmation on a terminal", function () {
  this.timeout(120_000);

  let folder = "";
  let screen = "";
  before(function () {
    if (!hasPython) {
      process.stdout.write("      skipped: a terminal of the test's own needs python3 with its module pty\n");
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "confirmation-"));
    screen = join(folder, "up-screen.cjs");
    const source = join(findPackageRoot(), "lib/cli/up/up-screen.ts");
    buildSync({ entryPoints: [source], outfile: screen, bundle: true, platform: "node" });
  });
  after(() => folder !== "" && rmSync(folder, { recursive: true }));

  const cases: [title: string, keys: string, yes: boolean, interrupted: boolean][] = [
    ["y", "y\\r", true, false],
    ["Yes", "Yes\\r", true, false],
    ["n", "n\\r", false, false],
    ["nothing but return", "\\r", false, false],
    ["something else", "yep\\r", false, false],
    ["the end of input (Ctrl-D)", "\\x04", false, false],
    ["Ctrl-C, which also ends the run", "\\x03", false, true],
  ];
  for (const [title, keys, yes, interrupted] of cases) {
    it(`${title}: ${yes ? "yes" : "no"}`, () =>
      assert.equal(answerTo(keys, screen), `answer ${yes}, terminal true, interrupted ${interrupted}`));
  }
});

describe("the confirmation without a terminal", () => {
  const options = { stack: "prod", yes: false, output: "text" as const };
  const opened = new Error("the stack was opened");
  const shell = {
    openStack: () => Promise.reject(opened),
    environment: {},
    isTerminal: false,
  } as unknown as UpShell;

  it("is refused before the stack is opened, and says what to add", async () => {
    await assert.rejects(runUpCommand(options, shell), {
      code: "CONFIRMATION_NEEDED",
      exitCode: 2,
      message: "There is no terminal to ask on, and --yes was not given.",
      next: "Add --yes once somebody has read the preview (palette-upgrade preview --stack …).",
    });
  });

  it("negative twins: with --yes, or on a terminal, it goes on", async () => {
    await assert.rejects(runUpCommand({ ...options, yes: true }, shell), opened);
    await assert.rejects(runUpCommand(options, { ...shell, isTerminal: true }), opened);
  });
});
