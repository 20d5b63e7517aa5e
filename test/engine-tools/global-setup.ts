import { delimiter } from "node:path";
import { putPulumiOnPath } from "../support/pulumi-folders.js";
import { findEngineTools } from "./find-engine-tools.js";

/** Before the first suite: finds or builds the real engine and puts it on PATH, for the workers too. */
export function mochaGlobalSetup(): void {
  const say = (line: string): void => void process.stdout.write(`  ${line}\n`);
  putPulumiOnPath(process.env);
  const found = findEngineTools(process.env, say);
  if (!found.ok)
    return say(`The real engine is not tested: ${found.why}. Install Go 1.26 or later, or give the programs.`);
  process.env.PATH = [...found.folders, process.env.PATH ?? ""].join(delimiter);
}
