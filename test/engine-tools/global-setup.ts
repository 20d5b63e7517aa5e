import { delimiter } from "node:path";
import { listEngines } from "../engine-suite/support/engines.js";
import { putPulumiOnPath } from "../support/pulumi-folders.js";
import { findEngineTools } from "./find-engine-tools.js";

/** Before the first suite: finds or builds the real engine, if it is asked for, and puts it on PATH, for the workers too. */
export function mochaGlobalSetup(): void {
  if (!listEngines().includes("pulumi")) return;
  const say = (line: string): void => void process.stdout.write(`  ${line}\n`);
  putPulumiOnPath(process.env);
  const found = findEngineTools(process.env, say);
  if (!found.ok)
    return say(`The real engine is not tested: ${found.why}. Install Go 1.26 or later, or give the programs.`);
  process.env.PATH = [...found.folders, process.env.PATH ?? ""].join(delimiter);
}
