import { randomBytes } from "node:crypto";
import { InvalidInputError } from "../../../../../lib/base/errors/errors.js";
import { isObject, redacted, type Properties, type Value } from "../values/values.js";
import type { ProviderContext, ResourceProvider, StoredProperties } from "./provider.js";
import { type CommandRunner, defaultInterpreter, formatGoString, runShell } from "./shell.js";

/** `command:local:Command` as pulumi-command 1.2.1 does it. */
export const commandType = "command:local:Command";

const unsupported = ["archivePaths", "assetPaths"];

/** Runs `create`, `update` and `delete` for real, as the plugin does; assets and archives are refused. */
export function createCommandProvider(run: CommandRunner = runShell): ResourceProvider {
  return {
    check: (inputs) => {
      const failures = unsupported
        .filter((property) => inputs[property] !== undefined)
        .map((property) => ({ property, reason: "the embedded engine collects no assets" }));
      return Promise.resolve({ inputs, failures });
    },
    selectReplacePaths: (paths) => paths.filter((path) => path === "triggers" || path.startsWith("triggers[")),
    planOutputs: (inputs) => inputs,
    planId: createId,
    create: async (inputs, context) => {
      return {
        id: createId(context),
        outputs: { ...inputs, ...(await runCommand(run, inputs, inputs.create, {}, context)) },
      };
    },
    update: async (_id, olds, inputs, context) => ({
      outputs: { ...inputs, ...(await runCommand(run, inputs, inputs.update ?? inputs.create, olds.outputs, context)) },
    }),
    delete: async (_id, olds, context) => {
      if (olds.inputs.delete === undefined) return;
      refuseLostSecrets(olds, context);
      await runCommand(run, olds.inputs, olds.inputs.delete, olds.outputs, context);
    },
  };
}

function createId({ name }: ProviderContext): string {
  return name + randomBytes(4).toString("hex");
}

/** Runs one command and returns its outputs; without a command it returns the old outputs. */
async function runCommand(
  run: CommandRunner,
  inputs: Properties,
  text: Value | undefined,
  olds: Properties,
  context: ProviderContext,
): Promise<Properties> {
  const previous = { stdout: toText(olds.stdout), stderr: toText(olds.stderr) };
  if (typeof text !== "string") return previous;
  const logging = typeof inputs.logging === "string" ? inputs.logging : "stdoutAndStderr";
  const result = await run({
    command: text,
    interpreter:
      Array.isArray(inputs.interpreter) && inputs.interpreter.length > 0
        ? inputs.interpreter.map(String)
        : defaultInterpreter,
    cwd: typeof inputs.dir === "string" ? inputs.dir : context.cwd,
    environment: { ...context.environment, ...toEnvironment(inputs), ...toPreviousOutputVariables(inputs, previous) },
    stdin: typeof inputs.stdin === "string" && inputs.stdin !== "" ? inputs.stdin : null,
    signal: context.signal,
    onStdout: logging.startsWith("stdout") ? context.log : () => undefined,
    onStderr: logging === "stderr" || logging === "stdoutAndStderr" ? context.log : () => undefined,
  });
  if (result.failure !== null) throw new Error(`${result.failure}: running ${formatGoString(text)}:\n${result.output}`);
  return { stdout: result.stdout.replace(/\n$/, ""), stderr: result.stderr.replace(/\n$/, "") };
}

function toEnvironment(inputs: Properties): Record<string, string> {
  if (!isObject(inputs.environment)) return {};
  return Object.fromEntries(
    Object.entries(inputs.environment).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function toPreviousOutputVariables(
  inputs: Properties,
  previous: { stdout: string; stderr: string },
): Record<string, string> {
  if (inputs.addPreviousOutputInEnv === false) return {};
  return {
    ...(previous.stdout === "" ? {} : { PULUMI_COMMAND_STDOUT: previous.stdout }),
    ...(previous.stderr === "" ? {} : { PULUMI_COMMAND_STDERR: previous.stderr }),
  };
}

function refuseLostSecrets(olds: StoredProperties, context: ProviderContext): void {
  const { stdin, environment } = olds.inputs;
  const lost = [
    stdin,
    olds.inputs.delete,
    ...(isObject(environment) ? Object.values(environment) : [environment]),
  ].includes(redacted);
  if (!lost) return;
  throw new InvalidInputError(
    "SECRET_NOT_STORED",
    `${context.urn} has a delete command that needs secret inputs; the embedded engine stores only their digests.`,
    {
      next: "Take the delete command out and clean up by hand, or keep the resource in the program.",
    },
  );
}

function toText(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}
