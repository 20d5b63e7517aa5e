import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { InvalidInputError } from "../base/errors/errors.js";
import { stderr } from "../base/process/output.js";
import { findPackageRoot } from "../base/process/package-root.js";
import { createConnectOptions } from "../program/rehearsal/connect-options.js";
import { type Clock } from "../base/time/clock.js";
import { readVerifiedEntries } from "../journal/broken.js";
import { openJournalStore } from "../journal/open.js";
import { type JournalEntry } from "../journal/types.js";
import { refuseClearSecrets } from "../settings/clear-secrets.js";
import { type Settings } from "../settings/schema.js";
import { parseSettings } from "../settings/settings.js";
import { checkStackFile, readStackFile } from "../settings/stack-file.js";
import { type StackAccess } from "../engine/stack-access.js";

/** What commands about a stack need from their environment; tests and rehearsals use their own engine. */
export interface StackShell {
  openStack: (name: string) => Promise<StackAccess>;
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  host: string;
  /** Prints a message to stderr, e.g. about a step that takes long. */
  say: (text: string) => void;
}

export interface StackSession {
  stack: StackAccess;
  settings: Settings;
}

/**
 * Opens an existing stack and reads its settings, as the program will.
 *
 * @throws InvalidInputError no such stack, invalid settings, or a secret in clear text.
 */
export async function openSession(shell: StackShell, name: string): Promise<StackSession> {
  const stack = await shell.openStack(name);
  const { values, secretKeys } = await stack.config();
  const stackFile = readStackFile(stack.projectDir, name);
  const settings = parseSettings(values, stackFile);
  const isSecret = (key: string): boolean => secretKeys.includes(`palette:${key}`);
  for (const warning of refuseClearSecrets({ settings, isSecret, stackFile })) shell.say(`warning: ${warning}`);
  return { stack, settings };
}

/** Reads the stack's journal. @throws PaletteError where it cannot be read, or was changed. */
export async function readStackEntries(
  { stack: { name, projectDir }, settings }: StackSession,
  { environment }: Pick<StackShell, "environment">,
): Promise<JournalEntry[]> {
  return readVerifiedEntries(await openJournalStore(settings.journal, { stack: name, projectDir, environment }));
}

/** Creates the production shell with the real engine, wherever it is installed. */
export function createStackShell(environment: NodeJS.ProcessEnv = process.env): StackShell {
  const say = (text: string): void => void stderr.write(`${text}\n`);
  return {
    environment,
    clock: createConnectOptions(environment).clock,
    host: hostname(),
    say,
    openStack: async (stack) => {
      const projectDir = findProject(process.cwd());
      // Paths in a stack's settings are relative to the folder in which the engine runs the program.
      process.chdir(projectDir);
      const stackFile = readStackFile(projectDir, stack);
      if (stackFile !== null) checkStackFile(stackFile);
      const { listEnginePlaces, findEngine } = await import("../engine/find-engine.js");
      const found = await findEngine(listEnginePlaces(projectDir, environment, say));
      const { selectPulumiStack } = await import("../engine/pulumi-stack.js");
      return selectPulumiStack({ projectDir, stack, found });
    },
  };
}

/** Finds the folder with this tool's Pulumi.yaml: the working directory, the next one above it, else the tool's own folder. */
function findProject(workingDir: string): string {
  for (const folder of [...listWithParents(workingDir), findPackageRoot()]) {
    const file = join(folder, "Pulumi.yaml");
    if (existsSync(file) && /^name:\s*palette\s*$/m.test(readFileSync(file, "utf8"))) return folder;
  }
  throw new InvalidInputError(
    "PROJECT_MISSING",
    `There is no Pulumi.yaml of this tool in ${workingDir}, nor above it.`,
    {
      next: "Run the command in the folder of the checkout.",
    },
  );
}

function listWithParents(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...listWithParents(parent)];
}
