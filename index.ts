import * as pulumi from "@pulumi/pulumi";
import { refuseStaleBuild } from "./lib/build-stamp.js";
import { PaletteError } from "./lib/errors.js";
import { packageRoot } from "./lib/matrix/package-root.js";
import { failureVariable, tellFailure } from "./lib/stack/failure-file.js";
import { endWithEngine } from "./lib/stack/end-with-engine.js";
import { runProgram } from "./lib/stack/program.js";

/** Settings, observe, plan, declare, outputs: one `pulumi up` is one step (docs/runbook.md). */
export = async (): Promise<Record<string, unknown>> => {
  endWithEngine(process);
  try {
    refuseStaleBuild(packageRoot(), __dirname);
    return await runProgram(process.cwd());
  } catch (error) {
    tellFailure(process.env[failureVariable], error);
    throw withoutStack(error);
  }
};

/**
 * What the engine shows of a failure: its sentence. Without a stack, because the language host colours stacks, and on Node 20
 * that takes some twenty seconds on paths of this SDK.
 */
function withoutStack(error: unknown): pulumi.RunError {
  const text =
    error instanceof PaletteError
      ? `${error.code}: ${error.message}${error.next === undefined ? "" : `\n${error.next}`}`
      : `UNEXPECTED: ${error instanceof Error ? (process.env.PALETTE_DEBUG ? error.stack : error.message) : String(error)}`;
  const shown = new pulumi.RunError(text);
  delete shown.stack;
  return shown;
}
