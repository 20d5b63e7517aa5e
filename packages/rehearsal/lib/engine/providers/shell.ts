import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";

/** Of a Command that names none. */
export const defaultInterpreter: readonly string[] = ["/bin/sh", "-c"];

export interface ShellRequest {
  command: string;
  interpreter: readonly string[];
  cwd: string;
  environment: NodeJS.ProcessEnv;
  /** null: nothing to read. */
  stdin: string | null;
  signal: AbortSignal;
  onStdout: (line: string) => void;
  onStderr: (line: string) => void;
}

export interface ShellResult {
  stdout: string;
  stderr: string;
  /** Both streams in the order in which they arrived. */
  output: string;
  /** null on success, otherwise Go's text: `exit status 3`, `signal: killed`. */
  failure: string | null;
}

/** Runs the text of a Command. Never rejects. */
export type CommandRunner = (request: ShellRequest) => Promise<ShellResult>;

/** Runs a command in a process group of its own, which is killed as a whole when the signal is aborted. Never rejects. */
export function runShell(request: ShellRequest): Promise<ShellResult> {
  const { interpreter, command, cwd, environment, stdin, signal } = request;
  const result: ShellResult = { stdout: "", stderr: "", output: "", failure: null };
  if (signal.aborted) return Promise.resolve({ ...result, failure: "signal: killed" });
  if (!existsSync(cwd)) return Promise.resolve({ ...result, failure: `chdir ${cwd}: no such file or directory` });
  return new Promise((resolve) => {
    const [file = "/bin/sh", ...flags] = interpreter;
    const child = spawn(file, [...flags, command], {
      cwd,
      env: environment,
      detached: true,
      stdio: [stdin === null ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const kill = (): void => killGroup(child.pid);
    signal.addEventListener("abort", kill, { once: true });
    collect(child.stdout, request.onStdout, (text) => {
      result.stdout += text;
      result.output += text;
    });
    collect(child.stderr, request.onStderr, (text) => {
      result.stderr += text;
      result.output += text;
    });
    // A command that does not read its input closes the pipe: not an error.
    child.stdin?.on("error", () => undefined).end(stdin);
    const end = (failure: string | null): void => {
      signal.removeEventListener("abort", kill);
      resolve({ ...result, failure });
    };
    child.once("error", (error) => end(error.message));
    child.once("close", (code, signalName) => end(formatFailure(code, signalName)));
  });
}

/** Kills a process and all it started in its group; one that is gone already is no error. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals = "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

function collect(
  stream: NodeJS.ReadableStream | null,
  onLine: (line: string) => void,
  onText: (text: string) => void,
): void {
  if (stream === null) return;
  stream.setEncoding("utf8");
  const lines = new PassThrough();
  createInterface({ input: lines, crlfDelay: Infinity }).on("line", onLine);
  stream.on("data", (text: string) => {
    onText(text);
    lines.write(text);
  });
  stream.on("end", () => lines.end());
}

/** Formats how a process ended, as Go does; null for success. */
export function formatFailure(code: number | null, signal: NodeJS.Signals | null): string | null {
  if (code === 0) return null;
  if (signal === null) return `exit status ${code ?? -1}`;
  const signalTexts: Partial<Record<NodeJS.Signals, string>> = {
    SIGKILL: "killed",
    SIGTERM: "terminated",
    SIGINT: "interrupt",
    SIGHUP: "hangup",
  };
  return `signal: ${signalTexts[signal] ?? `signal ${constants.signals[signal]}`}`;
}

/** Formats a text in double quotes as Go's `%q` does. */
export function formatGoString(text: string): string {
  const short: Record<string, string> = {
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
    "\x07": "\\a",
    '"': '\\"',
    "\\": "\\\\",
  };

  const escaped = text.replace(
    /["\\\x00-\x1f\x7f]/g,
    (character) => short[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}
