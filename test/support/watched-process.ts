/** Runs a command while looking at what everybody on the machine can list of it. */
import { spawn } from "node:child_process";
import { listProcesses } from "./process-look.js";

export interface Watched {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** Every command line that was seen on the machine while it ran. */
  commandLines: Set<string>;
  /** Every environment entry of it and of what it started. */
  environment: Set<string>;
}

export interface WatchOptions {
  environment: NodeJS.ProcessEnv;
  folder: string;
  user?: number;
}

const searchEveryMillis = 10;

/** Runs `command` with its stdin open to the end, and never answered. Needs /proc. */
export function runWatched(command: readonly string[], { environment, folder, user }: WatchOptions): Promise<Watched> {
  const [file, ...args] = command;
  const identity = user === undefined ? {} : { uid: user, gid: user };
  const child = spawn(file!, args, { env: environment, cwd: folder, stdio: ["pipe", "pipe", "pipe"], ...identity });
  const seen: Watched = { exitCode: null, stdout: "", stderr: "", commandLines: new Set(), environment: new Set() };
  child.stdout.on("data", (chunk: Buffer) => (seen.stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (seen.stderr += chunk.toString("utf8")));
  const timer = setInterval(() => look(child.pid!, seen), searchEveryMillis);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(timer);
      child.stdin.destroy();
      resolve({ ...seen, exitCode: code });
    });
  });
}

function look(root: number, seen: Watched): void {
  const { family, others } = listProcesses(root);
  for (const { argv } of [...family, ...others]) seen.commandLines.add(argv.join(" "));
  for (const { environment } of family) for (const entry of environment) seen.environment.add(entry);
}
