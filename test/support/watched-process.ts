/** Runs a command while looking at what everybody on the machine can list of it. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

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

const lookEveryMillis = 10;

/** Runs `command` with its stdin open to the end, and never answered. Needs /proc. */
export function runWatched(command: readonly string[], { environment, folder, user }: WatchOptions): Promise<Watched> {
  const [file, ...args] = command;
  const identity = user === undefined ? {} : { uid: user, gid: user };
  const child = spawn(file!, args, { env: environment, cwd: folder, stdio: ["pipe", "pipe", "pipe"], ...identity });
  const seen: Watched = { exitCode: null, stdout: "", stderr: "", commandLines: new Set(), environment: new Set() };
  child.stdout.on("data", (chunk: Buffer) => (seen.stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (seen.stderr += chunk.toString("utf8")));
  const timer = setInterval(() => look(child.pid!, seen), lookEveryMillis);
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
  const family = new Set([root]);
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    const own = read(`/proc/${name}/stat`);
    const parent = Number(own.slice(own.lastIndexOf(")") + 2).split(" ")[1]);
    if (family.has(parent)) family.add(Number(name));
    seen.commandLines.add(read(`/proc/${name}/cmdline`).replaceAll("\0", " "));
  }
  for (const pid of family) {
    for (const entry of read(`/proc/${pid}/environ`).split("\0")) if (entry !== "") seen.environment.add(entry);
  }
}

/** Processes come and go, and not all may be read. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
