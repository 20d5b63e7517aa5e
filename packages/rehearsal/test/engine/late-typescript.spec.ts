import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { findPackageRoot } from "../../../../lib/base/process/package-root.js";
import { createProgramCommand } from "../../lib/engine/program.js";
import { readProject } from "../../lib/engine/project.js";

describe("TypeScript in the embedded engine's programs", function () {
  this.timeout(60_000);

  /** Runs code after what a program's process is started with, up to the SDK's own file. */
  function run(code: string): string {
    const projectDir = findPackageRoot();
    const command = createProgramCommand({
      project: readProject(projectDir),
      projectDir,
      stack: "dev",
      organization: "organization",
      config: {},
      dryRun: true,
      parallelism: 1,
      monitor: "",
      engine: "",
    });
    const flags = command.arguments.slice(
      0,
      command.arguments.findIndex((argument) => argument.endsWith(".js")),
    );
    const { status, stdout, stderr } = spawnSync(command.file, [...flags, "--eval", code], {
      cwd: projectDir,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }

  const isLoaded = `Object.keys(require.cache).some((file) => file.endsWith("/typescript.js"))`;

  it("is not loaded by a program that serializes no function", () => {
    assert.equal(run(`require("@pulumi/pulumi"); console.log(${isLoaded})`), "false");
  });

  it("is loaded by one that does, and the function is serialized", () => {
    const text = run(`
      const { runtime } = require("@pulumi/pulumi");
      const seven = 7;
      void runtime.serializeFunction(() => seven * 6).then(({ text }) => console.log(${isLoaded}, text.includes("seven: 7"), text.includes("seven * 6")));`);
    assert.equal(text, "true true true");
  });
});
