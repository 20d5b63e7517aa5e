import assert from "node:assert/strict";
import { runShielded } from "../../lib/engine/pulumi-command.js";

const options = { workDir: process.cwd(), environment: {} };

/** `--non-interactive` comes behind what is asked for, as `$0` of the script. */
function runScript(script: string): ReturnType<typeof runShielded> {
  return runShielded("/bin/sh", ["-c", script], options);
}

describe("one call of the command line", () => {
  const failures: [title: string, script: string, message: string][] = [
    [
      "killed: by what, whatever it said",
      "echo half a line >&2; kill -KILL $$",
      "pulumi was ended from outside by SIGKILL",
    ],
    ["failed: what it said", "echo error: a fault >&2; exit 255", "error: a fault"],
    ["failed in silence: its exit code", "exit 255", "pulumi ended with exit code 255"],
  ];
  for (const [title, script, message] of failures) {
    it(title, () => assert.rejects(runScript(script), { name: "PulumiCommandError", message }));
  }

  it("that ends with 0 gives both streams", async () => {
    const { stdout, stderr, code } = await runScript("echo out; echo err >&2");
    assert.deepEqual([stdout, stderr, code], ["out", "err", 0]);
  });
});
