import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { embeddedVariable } from "../../../../lib/program/rehearsal/variables.js";
import { type Project, type StackConfig } from "./project.js";
import { killGroup } from "./providers/shell.js";

/** A run of a program, as the engine that serves it asks for it. */
export interface ProgramRun {
  project: Project;
  projectDir: string;
  stack: string;
  organization: string;
  config: StackConfig;
  dryRun: boolean;
  /** How many resources are registered at the same time. */
  parallelism: number;
  /** Addresses (`host:port`) of the engine's services. */
  monitor: string;
  engine: string;
}

interface ProgramRequest extends Omit<ProgramRun, "parallelism"> {
  environment: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
}

export interface RunningProgram {
  /** Exit code of the program; null when it was killed. Rejects when it cannot be started. */
  ended: Promise<number | null>;
  /** Asks the program to end, then kills it with all its child processes, within a second. */
  stop(): Promise<void>;
}

export type ProgramStarter = (request: ProgramRequest) => RunningProgram;

/**
 * Errors are shown without colours: with them, `util.inspect` of Node 20.20 never returns from a stack frame such as
 * `node_modules/@pulumi/output.ts`, which the SDK's source maps produce for any program that throws.
 */
const plainErrors =
  'import util from "node:util"; const inspect = util.inspect;' +
  "util.inspect = Object.assign((value, options, ...rest) => inspect(value, options?.colors ? { ...options, colors: false } : options, ...rest), inspect);";

/** TypeScript, which the SDK loads at each start, is loaded when the SDK first uses it: to serialize a function. */
const lateTypeScript =
  'import Module from "node:module"; const load = Module._load;' +
  'Module._load = (request, ...rest) => { if (!request.endsWith("/typescript-shim")) return load(request, ...rest);' +
  "let loaded; return new Proxy({}, { get: (_, key) => (loaded ??= load(request, ...rest))[key] }); };";

const preloaded = `data:text/javascript,${encodeURIComponent(plainErrors + lateTypeScript)}`;
const parallelism = 16;
const graceMs = 500;

/** Starts an unmodified Pulumi program in a process of its own, as Pulumi's language host for Node.js does. */
export function startProgram(request: ProgramRequest): RunningProgram {
  const { project, projectDir } = request;
  const { file, arguments: programArguments, environment } = createProgramCommand({ ...request, parallelism });
  const child = spawn(file, programArguments, {
    cwd: project.programDirectory,
    env: { ...request.environment, ...environment, [embeddedVariable]: "yes" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream, crlfDelay: Infinity }).on("line", request.onLine);
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) =>
      reject(new Error(`the program in ${projectDir} could not be started: ${error.message}`)),
    );
    child.once("close", (code) => resolve(code));
  });
  return { ended, stop: () => stopProgram(child, ended) };
}

/** Creates the command of a program, with what it adds to the environment, as Pulumi's language host for Node.js does. */
export function createProgramCommand(run: ProgramRun): {
  file: string;
  arguments: string[];
  environment: Record<string, string>;
} {
  return {
    file: process.execPath,
    arguments: ["--import", preloaded, ...run.project.nodeArguments, ...createProgramArguments(run)],
    environment: createProgramEnvironment(run),
  };
}

function createProgramArguments(request: ProgramRun): string[] {
  const { project, projectDir } = request;
  const sdk = createRequire(join(project.programDirectory, "noop.js")).resolve("@pulumi/pulumi/cmd/run");
  const flags: Record<string, string> = {
    monitor: request.monitor,
    engine: request.engine,
    organization: request.organization,
    project: project.name,
    "root-directory": projectDir,
    stack: request.stack,
    pwd: project.programDirectory,
  };
  return [
    sdk,
    ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    ...(request.dryRun ? ["--dry-run"] : []),
    "--parallel",
    String(request.parallelism),
    ".",
  ];
}

function createProgramEnvironment({ config, project }: ProgramRun): Record<string, string> {
  const values = Object.entries(config).map(([key, { value }]) => [key.replace(":", ":config:"), value]);
  const secretKeys = Object.keys(config).filter((key) => config[key]!.secret);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(values)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
    ...(project.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
  };
}

async function stopProgram(child: ChildProcess, ended: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => killGroup(child.pid), graceMs);
  killGroup(child.pid, "SIGINT");
  await ended.catch(() => null);
  clearTimeout(timer);
}
