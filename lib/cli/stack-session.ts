import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { InvalidInputError } from "../errors.js";
import { packageRoot } from "../matrix/package-root.js";
import { clockFromEnvironment } from "../site/connect.js";
import { type Clock } from "../site/clock.js";
import { refuseClearSecrets } from "../stack/clear-secrets.js";
import { type Settings } from "../stack/settings-schema.js";
import { parseSettings } from "../stack/settings.js";
import { type StackAccess } from "../upgrade/stack-access.js";

/** What commands about a stack take from outside; tests and rehearsals put their own engine in. */
export interface StackShell {
  openStack: (name: string) => Promise<StackAccess>;
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  host: string;
  /** Tells something that takes its time, on stderr. */
  say: (text: string) => void;
}

export interface StackSession {
  stack: StackAccess;
  settings: Settings;
}

/**
 * Opens an existing stack and reads its settings, as the program will.
 *
 * @throws InvalidInputError no such stack, settings that are not valid, or a secret that stands in clear.
 */
export async function openSession(shell: StackShell, name: string): Promise<StackSession> {
  const stack = await shell.openStack(name);
  const { values, secretKeys } = await stack.config();
  const file = join(stack.projectDir, `Pulumi.${name.split("/").at(-1)!}.yaml`);
  const stackFile = existsSync(file) ? readFileSync(file, "utf8") : null;
  const settings = parseSettings(values, stackFile);
  const isSecret = (key: string): boolean => secretKeys.includes(`palette:${key}`);
  for (const warning of refuseClearSecrets({ settings, isSecret, stackFile })) shell.say(`warning: ${warning}`);
  return { stack, settings };
}

/** The shell of production: the real engine, wherever it is found. */
export function realShell(environment: NodeJS.ProcessEnv = process.env): StackShell {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  return {
    environment,
    clock: clockFromEnvironment(environment),
    host: hostname(),
    say,
    openStack: async (stack) => {
      const projectDir = findProject(process.cwd());
      // Paths in a stack's settings begin where the engine runs its program, from wherever the command was called.
      process.chdir(projectDir);
      const { engineSearch, findEngine } = await import("../upgrade/find-engine.js");
      const found = await findEngine(engineSearch(projectDir, environment, say));
      const { selectPulumiStack } = await import("../upgrade/pulumi-stack.js");
      return selectPulumiStack({ projectDir, stack, found });
    },
  };
}

/** The folder with this tool's Pulumi.yaml: the working one, else the one the tool itself lies in. */
function findProject(workingDir: string): string {
  for (const folder of [workingDir, packageRoot()]) {
    const file = join(folder, "Pulumi.yaml");
    if (existsSync(file) && /^name:\s*palette\s*$/m.test(readFileSync(file, "utf8"))) return folder;
  }
  throw new InvalidInputError("PROJECT_MISSING", `There is no Pulumi.yaml of this tool in ${workingDir}.`, {
    next: "Run the command in the folder of the checkout.",
  });
}
