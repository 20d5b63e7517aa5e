import * as pulumi from "@pulumi/pulumi";
import { refuseStaleBuild } from "./lib/build-stamp.js";
import { PaletteError } from "./lib/errors.js";
import { packageRoot } from "./lib/matrix/package-root.js";
import { runProgram } from "./lib/stack/program.js";

/** Settings, observe, plan, declare, outputs: one `pulumi up` is one step (docs/runbook.md). */
export = async (): Promise<Record<string, unknown>> => {
  try {
    refuseStaleBuild(packageRoot(), __dirname);
    return await runProgram(process.cwd());
  } catch (error) {
    if (!(error instanceof PaletteError)) throw error;
    throw new pulumi.RunError(`${error.code}: ${error.message}${error.next === undefined ? "" : `\n${error.next}`}`);
  }
};
