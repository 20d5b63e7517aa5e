import { PassThrough } from "node:stream";
import { Output } from "../../../lib/base/process/output.js";
import { runPreviewCommand } from "../../../lib/cli/preview-command.js";
import { runStatusCommand } from "../../../lib/cli/status/status-command.js";
import { runUpCommand, type UpCommandOptions, type UpShell } from "../../../lib/cli/up/up-command.js";
import { createConnectOptions } from "../../../lib/program/rehearsal/connect-options.js";
import { type PreviewReport } from "../../../lib/program/preview/report.js";
import { selectPulumiStack } from "../../../lib/engine/pulumi-stack.js";
import { type StackAccess } from "../../../lib/engine/stack-access.js";
import { type UpResult } from "../../../lib/driver/up-result.js";
import { fullName, programRig, type EngineName, type ProgramRig } from "./program-rig.js";

/** The driver as people run it, on a rig's engine and simulated site. */
export interface DriverRig {
  rig: ProgramRig;
  shell: UpShell;
  /** Everything that was shown while it ran. */
  shown(): string;
  /** `palette-upgrade preview`. */
  preview(options?: { gatesOnly?: boolean }): Promise<{ report: PreviewReport; exitCode: number }>;
  /** `palette-upgrade status`, as text. */
  status(): Promise<string>;
  up(options?: Partial<UpCommandOptions>, shell?: Partial<UpShell>): Promise<UpResult>;
}

export async function driverRig(
  engineName: EngineName,
  route: Parameters<typeof programRig>[1],
  settings: Parameters<typeof programRig>[2] = {},
  site: Parameters<typeof programRig>[3] = {},
): Promise<DriverRig> {
  const rig = await programRig(engineName, route, settings, site);
  const shown: string[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => shown.push(chunk.toString()));
  const environment = { ...process.env, ...rig.environment };
  const shell: UpShell = {
    openStack: () => openRig(rig),
    environment,
    clock: createConnectOptions(environment).clock,
    host: "rig",
    say: (text) => void shown.push(`${text}\n`),
    output: new Output(stream as unknown as NodeJS.WriteStream),
    colour: false,
    isTerminal: false,
    signal: new AbortController().signal,
  };
  return {
    rig,
    shell,
    shown: () => shown.join(""),
    preview: async ({ gatesOnly = false } = {}) => {
      const elsewhere = process.cwd();
      // As the command itself does: paths in settings begin at the project.
      process.chdir(rig.projectDir);
      try {
        const options = { stack: rig.stack, gatesOnly, warningsAsExitCode: false, output: "json" as const };
        const { text, exitCode } = await runPreviewCommand(options, { ...shell, width: undefined });
        return { report: JSON.parse(text) as PreviewReport, exitCode };
      } finally {
        process.chdir(elsewhere);
      }
    },
    status: async () => {
      const elsewhere = process.cwd();
      process.chdir(rig.projectDir);
      try {
        return (await runStatusCommand({ stack: rig.stack, output: "text" }, shell)).text;
      } finally {
        process.chdir(elsewhere);
      }
    },
    up: async (options = {}, changed = {}) => {
      const all = { stack: rig.stack, yes: true, output: "json" as const, ...options };
      const { text } = await runUpCommand(all, { ...shell, ...changed });
      return JSON.parse(text) as UpResult;
    },
  };
}

async function openRig(rig: ProgramRig): Promise<StackAccess> {
  const { projectDir, engine, config, secretKeys, environment, stack, beside } = rig;
  if (engine.name === "pulumi") {
    return selectPulumiStack({ projectDir, stack, found: { root: null, version: "" }, environment });
  }
  return {
    name: stack,
    fullName: () => Promise.resolve(fullName(stack)),
    projectDir,
    engine,
    config: () => Promise.resolve({ values: config, secretKeys }),
    readOutputsOf: (name) =>
      beside !== null && name === fullName(beside.stack)
        ? beside.engine.outputs()
        : Promise.reject(new Error(`unknown stack "${name}"`)),
    lockHolder: () => Promise.resolve(null),
    state: null,
  };
}
