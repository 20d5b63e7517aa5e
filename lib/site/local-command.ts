import { spawn } from "node:child_process";

/** A command of the installation's own, run on this machine by a gate. */
export interface LocalCommand {
  argv: readonly string[];
  timeoutSeconds: number;
  /** Added to the few entries that every command gets. */
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

/** What a command may need of its surroundings. Everything else stays away from it, for it may be a secret. */
const passedOn = [
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
 * Standard input is a leash: when this process ends, even by SIGKILL, it closes, and the shell that waits on it ends the
 * whole process group. `"$@"` itself gets an empty standard input and no end of the leash.
 */
const leashed = `exec 3<&0 </dev/null
( exec >/dev/null 2>&1; read -r _ <&3; kill -KILL 0 ) &
exec 3<&-
"$@"`;

/**
 * Runs an argument vector without a shell's reading of it, in a process group of its own, ended as a whole at the time limit,
 * with `signal`, and with this process. Output beyond 64 KiB a stream is dropped.
 * @throws the signal's reason when it is aborted
 */
export const runLocal: RunLocal = async ({ argv, timeoutSeconds, environment, signal }) => {
  signal.throwIfAborted();
  const child = spawn("sh", ["-c", leashed, "palette-check", ...argv], {
    detached: true,
    env: { ...keptEnvironment(process.env), ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  child.stdin.on("error", () => undefined);
  let timedOut = false;
  const end = (): void => endGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, timeoutSeconds * 1000);
  signal.addEventListener("abort", end, { once: true });
  try {
    const { exitCode, startFault } = await ended(child);
    return { exitCode: timedOut ? null : exitCode, stdout: stdout(), stderr: stderr(), timedOut, startFault };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    end();
    signal.throwIfAborted();
  }
};

function keptEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((key) => {
      const value = environment[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** What it left running is ended with it. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<{ exitCode: number | null; startFault: string | null }> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ exitCode: null, startFault: error.message }));
    child.on("exit", (exitCode) => {
      // What is in the pipes is read; a grandchild that holds them open is not waited for.
      endGroup(child.pid);
      child.on("close", () => resolve({ exitCode, startFault: null }));
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    if (size < mostOutputBytes) chunks.push(chunk.subarray(0, mostOutputBytes - size));
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
