import assert from "node:assert/strict";
import { ESLint } from "eslint";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const output =
  "Text leaves through lib/base/process/output.ts, log.ts or index.ts's error, which escape what could forge a line.";

describe("the lint rule of the output", function () {
  this.timeout(60_000);
  const eslint = new ESLint({ cwd: findPackageRoot(), overrideConfigFile: "test/lint/output-only.config.mjs" });

  async function lint(file: string, text: string): Promise<string[]> {
    const [result] = await eslint.lintText(text, { filePath: file });
    return result!.messages.map(({ message }) => message);
  }

  const planted: Record<string, [text: string, message: string]> = {
    "process.stdout": ['process.stdout.write("x");\n', output],
    "process.stderr": ['process.stderr.write("x");\n', output],
    'process["stdout"]': ['process["stdout"].write("x");\n', output],
    "a destructured process": ["const { stderr } = process;\nexport { stderr };\n", output],
    "stdout by import": ['import { stdout } from "node:process";\nexport { stdout };\n', output],
    "a write to descriptor 1": ['writeSync(1, "x");\n', output],
    "pulumi.log": ['void pulumi.log.info("x");\n', output],
    console: ['console.log("x");\n', "Unexpected console statement."],
    picocolors: ['import pc from "picocolors";\nexport { pc };\n', "Colours come from lib/base/text/colours.ts."],
  };

  for (const [title, [text, message]] of Object.entries(planted)) {
    for (const file of ["lib/cli/planted.ts", "packages/rehearsal/lib/planted.ts", "index.ts"]) {
      it(`${title} in ${file}`, async () => assert.deepEqual(await lint(file, text), [message]));
    }
  }

  it("the writer itself may, and others use it", async () => {
    assert.deepEqual(await lint("lib/base/process/output.ts", 'process.stdout.write("x");\n'), []);
    assert.deepEqual(await lint("lib/program/stack/log.ts", 'void pulumi.log.info("x");\n'), []);
    const text = 'import { stdout } from "../base/process/output.js";\nstdout.write("x");\nprocess.stdin.resume();\n';
    assert.deepEqual(await lint("lib/cli/planted.ts", text), []);
  });
});
