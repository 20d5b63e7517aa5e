import { setMaxListeners } from "node:events";
import type { Engine, EngineRun, EngineRunOptions } from "../../../../lib/engine/engine.js";
import { getErrorMessage } from "../../../../lib/base/errors/errors.js";
import { createDeployment, type Deployment } from "./deployment.js";
import { createHookRegistry } from "./hooks.js";
import { acquireLock } from "../../../../lib/base/process/process-lock.js";
import { startProgram, type ProgramStarter, type RunningProgram } from "./program.js";
import { readProject, type Project, type StackConfig } from "./project.js";
import { commandType, createCommandProvider } from "./providers/command.js";
import { configurationProvider } from "./providers/configuration.js";
import { releaseProvider, releaseType } from "./providers/release.js";
import type { ResourceProvider } from "./providers/provider.js";
import type { CommandRunner } from "./providers/shell.js";
import { createRedactor, type Redactor } from "./values/redact.js";
import { createJournal, type Run } from "./run.js";
import { createSealer } from "./values/seal.js";
import { startServices, type Services } from "./services.js";
import { createSnapshot } from "./snapshot.js";
import { readState, getStackOutputs } from "./state.js";
import { toSecret, type Value } from "./values/values.js";

interface EmbeddedEngineOptions {
  /** Folder with Pulumi.yaml, and a package.json whose `main` is the program. */
  projectDir: string;
  stack: string;
  /** Where the state is stored; created when it is missing. */
  stateFile: string;
  /** All of the stack's configuration: see `readStackConfig`. */
  config: StackConfig;
  /** Added to this process's environment for the program and its Commands. */
  environment?: Record<string, string>;
  /** By resource type, beside Commands, Helm releases of the simulated site and provider resources. */
  providers?: Record<string, ResourceProvider>;
  /** Runs the text of each Command; default: a shell, as Pulumi's plugin does. */
  runCommand?: CommandRunner;
  /** State files of other stacks whose outputs the program may read, by full name. */
  otherStacks?: Record<string, string>;
  /** Default: `organization`, as Pulumi's own file backend has it. */
  organization?: string;
  /** Default: in a process of its own, as Pulumi's language host does. */
  startProgram?: ProgramStarter;
}

/**
 * Creates an engine that runs an unmodified Pulumi program in its own process, without Pulumi's CLI. For rehearsals;
 * callers tell the user so.
 */
export function createEmbeddedEngine(options: EmbeddedEngineOptions): Engine {
  const project = readProject(options.projectDir);
  return {
    name: "embedded",
    preview: (runOptions = {}) => runProgram(options, project, true, runOptions),
    up: async (runOptions = {}) => {
      const lock = acquireLock(options.stateFile);
      try {
        return await runProgram(options, project, false, runOptions, lock.takenOver);
      } finally {
        lock.release();
      }
    },
    outputs: () => Promise.resolve(getStackOutputs(readState(options.stateFile, project.name, options.stack)).outputs),
  };
}

async function runProgram(
  options: EmbeddedEngineOptions,
  project: Project,
  dryRun: boolean,
  { onEvent = () => undefined, signal: callerSignal, environment }: EngineRunOptions,
  notice: string | null = null,
): Promise<EngineRun> {
  const signal = createRunSignal(callerSignal);
  const redactor = createRedactor();
  learnConfig(redactor, options.config);
  const state = readState(options.stateFile, project.name, options.stack);
  const run: Run = {
    project: project.name,
    stack: options.stack,
    organization: options.organization ?? "organization",
    otherStacks: options.otherStacks ?? {},
    dryRun,
    snapshot: createSnapshot(state, dryRun ? null : options.stateFile),
    sealer: createSealer(state.salt),
    redactor,
    hooks: createHookRegistry(),
    providers: new Map([
      [commandType, createCommandProvider(options.runCommand)],
      [releaseType, releaseProvider],
      ["pulumi:providers:*", configurationProvider],
      ...Object.entries(options.providers ?? {}),
    ]),
    signal,
    programDirectory: project.programDirectory,
    environment: { ...process.env, ...options.environment, ...environment },
    journal: createJournal(redactor, dryRun, onEvent),
  };
  if (notice !== null) run.journal.reportDiagnostic("warning", null, notice);
  const deployment = createDeployment(run);
  await runToEnd(options, project, run, deployment);
  const ok = !run.journal.hasFailed() && !signal.aborted;
  if (!dryRun) deployment.saveStackOutputs(ok);
  const { steps, diagnostics } = run.journal;
  return {
    ok,
    interrupted: signal.aborted,
    steps,
    diagnostics,
    outputs: getStackOutputs(dryRun ? state : run.snapshot.getState()).outputs,
  };
}

/** Creates the run's own signal, without a limit on its listeners: each running step adds one. */
function createRunSignal(callerSignal: AbortSignal | undefined): AbortSignal {
  const signal = AbortSignal.any(callerSignal === undefined ? [] : [callerSignal]);
  setMaxListeners(0, signal);
  return signal;
}

/** Runs the program until it or the deployment ends, whichever comes first. */
async function runToEnd(
  options: EmbeddedEngineOptions,
  project: Project,
  run: Run,
  deployment: Deployment,
): Promise<void> {
  if (run.signal.aborted) return;
  const services = await startServices(run, deployment);
  const program = (options.startProgram ?? startProgram)({
    project,
    projectDir: options.projectDir,
    stack: options.stack,
    organization: run.organization,
    config: options.config,
    environment: run.environment,
    dryRun: run.dryRun,
    monitor: services.address,
    engine: services.address,
    // Once interrupted, the program prints only that the engine's services have closed: with a stack trace, where its own
    // log has closed before.
    onLine: (line) => {
      if (!run.signal.aborted) run.journal.reportProgramOutput("info", null, line);
    },
  });
  const onAbort = (): void => deployment.stop();
  run.signal.addEventListener("abort", onAbort, { once: true });
  try {
    await followProgram(run, deployment, services, program);
  } finally {
    run.signal.removeEventListener("abort", onAbort);
    services.close();
    await program.stop();
    services.dispose();
    run.hooks.close();
  }
}

const finalOutputWaitMs = 300;

async function followProgram(
  run: Run,
  deployment: Deployment,
  services: Services,
  program: RunningProgram,
): Promise<void> {
  const first = await Promise.race([
    services.declared.then(() => "declared" as const),
    deployment.stopped.then(() => "stopped" as const),
    program.ended.then(
      (code) => ({ code }),
      (error: unknown) => ({ code: null, error: getErrorMessage(error) }),
    ),
  ]);
  if (first === "stopped") {
    services.close();
    await Promise.race([
      program.ended.catch(() => null),
      new Promise((resolve) => setTimeout(resolve, finalOutputWaitMs)),
    ]);
    return;
  }
  if (first === "declared" || first.code === 0) {
    await Promise.race([deployment.finish(), deployment.stopped]);
    services.release();
    await Promise.race([program.ended, deployment.stopped]);
    return;
  }
  deployment.stop();
  await deployment.stopped;
  run.journal.reportProgramFailure("error" in first ? first.error : formatProgramEnd(first.code));
}

const alreadyReportedExitCode = 32;

/** Describes how the program ended; null when the program reported its error itself. */
function formatProgramEnd(code: number | null): string | null {
  if (code === alreadyReportedExitCode) return null;
  return `the program ended ${code === null ? "because it was killed" : `with exit code ${code}`}`;
}

function learnConfig(redactor: Redactor, config: StackConfig): void {
  for (const { value, secret: isSecretValue } of Object.values(config)) {
    redactor.learn(isSecretValue ? toSecret(value) : value);
    if (isSecretValue && /^[[{]/.test(value)) redactor.learn(toSecret(parseJson(value)));
  }
}

function parseJson(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}
