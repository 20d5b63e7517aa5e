import type { LocalWorkspace, PulumiCommand, Workspace } from "@pulumi/pulumi/automation";
import { fileURLToPath } from "node:url";
import { InvalidInputError, PaletteError, getErrorMessage } from "../base/errors/errors.js";
import { explainCorruptSecret } from "./corrupt-secret.js";
import { cutOffPattern, createCutOffError, findCutOffFiles } from "./cut-off-state.js";
import { explainOpening } from "./engine-faults.js";
import { type FoundEngine } from "./find-engine.js";
import { findFullStackName } from "./full-stack-name.js";
import { readLockHolder } from "./pulumi-lock.js";
import { runShielded, shieldCommand } from "./pulumi-command.js";
import { createStackEngine } from "./pulumi-engine.js";
import { readStackFile } from "../settings/stack-file.js";
import { type StackAccess, type StackState } from "./stack-access.js";

interface SelectOptions {
  projectDir: string;
  stack: string;
  found: FoundEngine;
  /** Added to this process's environment for the Pulumi command line. */
  environment?: Record<string, string>;
}

/**
 * Selects an existing stack on the real engine, through the Automation API. It is never created: a typo would enrol a
 * new one.
 *
 * @throws InvalidInputError `STACK_UNKNOWN` naming the stacks there are, `ENGINE_BACKEND`, `ENGINE_PASSPHRASE`.
 */
export async function selectPulumiStack({
  projectDir,
  stack: name,
  found,
  environment = {},
}: SelectOptions): Promise<StackAccess> {
  const { LocalWorkspace, PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  const pulumiCommand = shieldCommand(await PulumiCommand.get(found.root === null ? {} : { root: found.root }));
  const options = { pulumiCommand, envVars: { PULUMI_SKIP_UPDATE_CHECK: "true", ...environment } };
  const stack = await LocalWorkspace.selectStack({ stackName: name, workDir: projectDir }, options).catch(
    async (error: unknown) => {
      throw await explainNotSelected(error, name, projectDir, { LocalWorkspace, options });
    },
  );
  const commandOptions = { workDir: projectDir, environment: options.envVars };
  const findBackendFolder = (): Promise<string | null> => findFileBackend(stack.workspace);
  return {
    name,
    fullName: async () =>
      findFullStackName(name, (await stack.workspace.projectSettings()).name, await stack.workspace.listStacks()),
    projectDir,
    engine: createStackEngine(stack),
    config: async () => {
      const config = stack.getAllConfig().catch((error: unknown) => {
        throw explainCorruptSecret(getErrorMessage(error), readStackFile(projectDir, name)) ?? error;
      });
      const entries = Object.entries(await translateOpeningErrors(config));
      return {
        values: Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
        secretKeys: entries.filter(([, { secret }]) => secret === true).map(([key]) => key),
      };
    },
    readOutputsOf: async (other) => {
      const args = ["stack", "output", "--json", "--stack", other];
      const { stdout } = await translateOpeningErrors(runShielded(pulumiCommand.command, args, commandOptions));
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    lockHolder: async () =>
      readLockHolder(await findBackendFolder(), name, (await stack.workspace.projectSettings()).name),
    state: createStackState(pulumiCommand.command, { ...commandOptions, stack: name }, findBackendFolder),
  };
}

/** Translates errors of the first call, where a wrong passphrase or backend shows. */
async function translateOpeningErrors<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PaletteError) throw error;
    throw explainOpening(getErrorMessage(error)) ?? error;
  }
}

interface Api {
  LocalWorkspace: typeof LocalWorkspace;
  options: { pulumiCommand: PulumiCommand; envVars: Record<string, string> };
}

async function explainNotSelected(error: unknown, name: string, projectDir: string, api: Api): Promise<Error> {
  const text = getErrorMessage(error);
  if (cutOffPattern.test(text)) {
    const workspace = await api.LocalWorkspace.create({ workDir: projectDir, ...api.options });
    const folder = await findFileBackend(workspace);
    const project = (await workspace.projectSettings()).name;
    return createCutOffError(folder === null ? [] : findCutOffFiles(folder, project, name));
  }
  if (!/no stack named|not a valid stack name|stack names are limited/i.test(text))
    return explainOpening(text) ?? (error as Error);
  const workspace = await api.LocalWorkspace.create({ workDir: projectDir, ...api.options });
  const names = (await workspace.listStacks()).map((each) => each.name).sort();
  const list = names.length === 0 ? "There is none yet" : `There are: ${names.join(", ")}`;
  return new InvalidInputError("STACK_UNKNOWN", `There is no stack "${name}" in this backend. ${list}.`, {
    next: `Name one of them with --stack. A stack is never made by accident: make a new one with "pulumi stack init ${name}".`,
  });
}

/** Uses the command's own streams: the Automation API would write the state to a file for a moment. */
function createStackState(
  command: string,
  options: { workDir: string; stack: string; environment: Record<string, string> },
  folder: () => Promise<string | null>,
): StackState {
  const { workDir, stack, environment } = options;
  return {
    read: async () =>
      JSON.parse(
        (await runShielded(command, ["stack", "export", "--stack", stack], { workDir, environment })).stdout,
      ) as unknown,
    write: async (state) => {
      await runShielded(command, ["stack", "import", "--stack", stack], {
        workDir,
        environment,
        input: JSON.stringify(state),
      });
    },
    folder,
  };
}

/** Folder of a file backend, null for any other. */
async function findFileBackend(workspace: Workspace): Promise<string | null> {
  const { url } = await workspace.whoAmI();
  if (url === undefined || !url.startsWith("file://")) return null;
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}
