import { spawn } from "node:child_process";
import { delimiter, dirname, isAbsolute } from "node:path";
import { createInterface } from "node:readline";
import type { PulumiCommand } from "@pulumi/pulumi/automation";

/** The method of a command line that the Automation API calls; the package's types leave it out. */
interface Runnable {
  run(
    args: string[],
    workDir: string,
    environment: Record<string, string>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<{ stdout: string; stderr: string; code: number; err?: Error }>;
}

/**
 * Returns the same command line in a process group of its own: a Ctrl-C at the terminal then reaches the driver only,
 * which waits for a moving release before it interrupts the engine. Otherwise the engine would pass the interrupt to
 * Helm.
 */
export function shieldCommand(command: PulumiCommand): PulumiCommand {
  const run: Runnable["run"] = (args, workDir, environment, onOutput, onError, signal) =>
    runShielded(command.command, args, { workDir, environment, onOutput, onError, signal });
  return Object.assign(Object.create(command) as PulumiCommand, { run });
}

/** Failure of the command with its stderr; the engine's own messages come by events. */
class PulumiCommandError extends Error {
  constructor(
    readonly exitCode: number | null,
    readonly stderr: string,
    /** Signal that killed it. */
    readonly signal: NodeJS.Signals | null = null,
  ) {
    super(signal === null ? stderr.trim() || `pulumi ended with exit code ${exitCode}` : describeKill(signal));
    this.name = "PulumiCommandError";
  }
}

/** Describes a command that was killed; engine-troubles.ts recognises this text. */
function describeKill(signal: string): string {
  return `pulumi was ended from outside by ${signal}`;
}

interface RunOptions {
  workDir: string;
  environment: Record<string, string>;
  onOutput?: ((text: string) => void) | undefined;
  onError?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Text for its stdin. */
  input?: string;
}

/** Runs the command line once, without a terminal. @throws PulumiCommandError where it does not end with 0. */
export function runShielded(command: string, args: string[], options: RunOptions): ReturnType<Runnable["run"]> {
  const nonInteractive = args.includes("--non-interactive") ? args : [...args, "--non-interactive"];
  const child = spawn(command, nonInteractive, {
    cwd: options.workDir,
    env: {
      ...process.env,
      ...options.environment,
      ...createCommandPath(command, options.environment),
      PULUMI_AUTOMATION_API: "true",
    },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A command that has failed no longer reads its stdin.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const sendInterrupt = (): void => void child.kill("SIGINT");
  if (options.signal?.aborted) sendInterrupt();
  options.signal?.addEventListener("abort", sendInterrupt, { once: true });
  const stdout = collect(child.stdout, options.onOutput);
  const stderr = collect(child.stderr, options.onError);
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new PulumiCommandError(null, error.message)));
    child.on("close", (code, signal) => {
      options.signal?.removeEventListener("abort", sendInterrupt);
      if (code === 0) resolve({ stdout: stdout.text(), stderr: stderr.text(), code });
      else reject(new PulumiCommandError(code, stderr.text(), signal));
    });
  });
}

function collect(stream: NodeJS.ReadableStream, onText?: (text: string) => void): { text: () => string } {
  const lines: string[] = [];
  createInterface({ input: stream }).on("line", (line) => {
    lines.push(line);
    onText?.(`${line}\n`);
  });
  return { text: () => lines.join("\n") };
}

/** Puts the folder of the command line on PATH, so that the plugins beside it are found. */
function createCommandPath(command: string, environment: Record<string, string>): Record<string, string> {
  if (!isAbsolute(command)) return {};
  return { PATH: `${dirname(command)}${delimiter}${environment.PATH ?? process.env.PATH ?? ""}` };
}
