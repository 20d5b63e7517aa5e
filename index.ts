import * as pulumi from "@pulumi/pulumi";
import { refuseStaleBuild } from "./lib/base/process/build-stamp.js";
import { PaletteError } from "./lib/base/errors/errors.js";
import { findPackageRoot } from "./lib/base/process/package-root.js";
import { failureVariable, writeFailure } from "./lib/engine/failure-file.js";
import { endWithEngine } from "./lib/program/stack/end-with-engine.js";
import { runProgram } from "./lib/program/stack/program.js";

/** Settings, observe, plan, declare, outputs: one `pulumi up` is one step (docs/runbook.md). */
export = async (): Promise<Record<string, unknown>> => {
  endWithEngine(process);
  try {
    refuseStaleBuild(findPackageRoot(), __dirname);
    return await runProgram(process.cwd());
  } catch (error) {
    writeFailure(process.env[failureVariable], error);
    throw toRunError(error);
  }
};

/**
 * Converts a failure to the error that the engine shows: code, message and next step. It has no stack trace, because
 * the language host colours stack traces, and on Node 20 that takes about twenty seconds on the paths of this SDK.
 */
function toRunError(error: unknown): pulumi.RunError {
  const text =
    error instanceof PaletteError
      ? `${error.code}: ${error.message}${error.next === undefined ? "" : `\n${error.next}`}`
      : `UNEXPECTED: ${error instanceof Error ? (process.env.PALETTE_DEBUG ? error.stack : error.message) : String(error)}`;
  const runError = new pulumi.RunError(text);
  delete runError.stack;
  return runError;
}
