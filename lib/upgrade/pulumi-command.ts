import { spawn } from "node:child_process";
import { delimiter, dirname, isAbsolute } from "node:path";
import { createInterface } from "node:readline";
import type { PulumiCommand } from "@pulumi/pulumi/automation";

/** What the Automation API asks of a command line; the package's types leave `run` out. */
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
 * The same command line in a process group of its own: a Ctrl-C at the terminal reaches the driver only, which lets a
 * release that moves come to its end before it tells the engine. Otherwise the engine would hand the interrupt to Helm.
 */
export function shieldedCommand(command: PulumiCommand): PulumiCommand {
  const run: Runnable["run"] = (args, workDir, environment, onOutput, onError, signal) =>
    runShielded(command.command, args, { workDir, environment, onOutput, onError, signal });
  return Object.assign(Object.create(command) as PulumiCommand, { run });
}

/** What the command said when it failed; the engine's own words come by events. */
export class PulumiCommandError extends Error {
  constructor(
    readonly exitCode: number | null,
    readonly stderr: string,
    /** What ended it from outside. */
    readonly signal: NodeJS.Signals | null = null,
  ) {
    super(signal === null ? stderr.trim() || `pulumi ended with exit code ${exitCode}` : endedFromOutside(signal));
    this.name = "PulumiCommandError";
  }
}

/** How the end of a command that was killed reads; what is done about it: engine-troubles.ts. */
function endedFromOutside(signal: string): string {
  return `pulumi was ended from outside by ${signal}`;
}

interface RunOptions {
  workDir: string;
  environment: Record<string, string>;
  onOutput?: ((text: string) => void) | undefined;
  onError?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** For its stdin. */
  input?: string;
}

/** One call of the command line, without a terminal. @throws PulumiCommandError where it does not end with 0. */
export function runShielded(command: string, args: string[], options: RunOptions): ReturnType<Runnable["run"]> {
  const nonInteractive = args.includes("--non-interactive") ? args : [...args, "--non-interactive"];
  const child = spawn(command, nonInteractive, {
    cwd: options.workDir,
    env: {
      ...process.env,
      ...options.environment,
      ...ownPath(command, options.environment),
      PULUMI_AUTOMATION_API: "true",
    },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A command that has failed already does not read on.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const interrupt = (): void => void child.kill("SIGINT");
  if (options.signal?.aborted) interrupt();
  options.signal?.addEventListener("abort", interrupt, { once: true });
  const stdout = collect(child.stdout, options.onOutput);
  const stderr = collect(child.stderr, options.onError);
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new PulumiCommandError(null, error.message)));
    child.on("close", (code, signal) => {
      options.signal?.removeEventListener("abort", interrupt);
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

/** Plugins that came with the command line are found beside it. */
function ownPath(command: string, environment: Record<string, string>): Record<string, string> {
  if (!isAbsolute(command)) return {};
  return { PATH: `${dirname(command)}${delimiter}${environment.PATH ?? process.env.PATH ?? ""}` };
}
