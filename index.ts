import * as pulumi from "@pulumi/pulumi";
import { refuseStaleBuild } from "./lib/base/process/build-stamp.js";
import { formatRefusal, toFailure } from "./lib/base/errors/refusal.js";
import { toShown } from "./lib/base/text/shown.js";
import { findPackageRoot } from "./lib/base/process/package-root.js";
import { failureVariable, writeFailure } from "./lib/engine/failure-file.js";
import { endWithEngine } from "./lib/program/stack/end-with-engine.js";
import { runProgram } from "./lib/program/stack/program.js";

// The SDK takes the stack of each resource it is given, and its source maps would cost a tenth of a preview.
Reflect.deleteProperty(Error, "prepareStackTrace");

/** Runs one step (docs/runbook.md); keeps what ends it for the driver, and shows it. */
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
 * Converts a failure to the error that the engine shows. It has no stack trace, because the language host colours stack
 * traces, and on Node 20 that takes about twenty seconds on the paths of this SDK.
 */
function toRunError(error: unknown): pulumi.RunError {
  const runError = new pulumi.RunError(toShown(formatRefusal(toFailure(error))));
  delete runError.stack;
  return runError;
}
