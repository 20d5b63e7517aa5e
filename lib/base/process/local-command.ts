import { spawn } from "node:child_process";

/** A command that the installation configures, run on this machine by a gate. */
export interface LocalCommand {
  argv: readonly string[];
  timeoutSeconds: number;
  /** Added to the variables that every command inherits. */
  environment: Record<string, string>;
  signal: AbortSignal;
}

export interface LocalResult {
  /** Null where it was ended by a signal or could not be started. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** Why it could not be started; null where it was. */
  startFault: string | null;
}

export type RunLocal = (command: LocalCommand) => Promise<LocalResult>;

/** Environment variables that a command inherits. All others are withheld, because they may be secret. */
const inheritedVariables = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "KUBECONFIG",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
];

const mostOutputBytes = 64 * 1024;

/**
 * Shell script that ties the command to this process by standard input: when this process ends, even by SIGKILL, the
 * pipe closes, and the shell that reads from it kills the whole process group. `"$@"` itself gets an empty standard
 * input and no descriptor of the pipe.
 */
const leashScript = `exec 3<&0 </dev/null
( exec >/dev/null 2>&1; read -r _ <&3; kill -KILL 0 ) &
exec 3<&-
"$@"`;

/**
 * Runs an argument vector without shell interpretation, in its own process group. The whole group is killed at the time
 * limit, when `signal` is aborted, and when this process ends. Output beyond 64 KiB per stream is dropped.
 * @throws the signal's reason when it is aborted
 */
export const runLocal: RunLocal = async ({ argv, timeoutSeconds, environment, signal }) => {
  signal.throwIfAborted();
  const child = spawn("sh", ["-c", leashScript, "palette-check", ...argv], {
    detached: true,
    env: { ...selectInheritedEnvironment(process.env), ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const [stdout, stderr] = [collectOutput(child.stdout), collectOutput(child.stderr)];
  child.stdin.on("error", () => undefined);
  let timedOut = false;
  const end = (): void => endGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, timeoutSeconds * 1000);
  signal.addEventListener("abort", end, { once: true });
  try {
    const { exitCode, startFault } = await waitForExit(child);
    return { exitCode: timedOut ? null : exitCode, stdout: stdout(), stderr: stderr(), timedOut, startFault };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    end();
    signal.throwIfAborted();
  }
};

function selectInheritedEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    inheritedVariables.flatMap((key) => {
      const value = environment[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** Kills the process group, with everything the command left running. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}

function waitForExit(child: ReturnType<typeof spawn>): Promise<{ exitCode: number | null; startFault: string | null }> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ exitCode: null, startFault: error.message }));
    child.on("exit", (exitCode) => {
      // Output already in the pipes is read; a grandchild that keeps them open is not waited for.
      endGroup(child.pid);
      child.on("close", () => resolve({ exitCode, startFault: null }));
    });
  });
}

function collectOutput(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    if (size < mostOutputBytes) chunks.push(chunk.subarray(0, mostOutputBytes - size));
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
