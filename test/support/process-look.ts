/** What everybody on the machine can list of its processes. Needs /proc. */
import { readdirSync, readFileSync } from "node:fs";
import { readProcessStat } from "../../lib/base/process/process-identity.js";

export interface ListedProcess {
  pid: number;
  parent: number;
  argv: string[];
  /** `NAME=value`; empty where it may not be read. */
  environment: string[];
}

/** Every process of the machine; the environment only of `root` and of what it started, or what that started. */
export function listProcesses(root: number): { family: ListedProcess[]; others: ListedProcess[] } {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && !kernelThreads.has(name))
    .flatMap((name) => readProcess(name) ?? []);
  const members = new Set([root]);
  for (let before = 0; before !== members.size;) {
    before = members.size;
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid);
  }
  const family = all.filter(({ pid }) => members.has(pid));
  return {
    family: family.map(withEnvironment),
    others: all.filter(({ pid }) => !members.has(pid)),
  };
}

/** Both lists of one moment: `exec` may change them between two reads. */
function withEnvironment(process: ListedProcess): ListedProcess {
  const pid = String(process.pid);
  for (let { argv } = process; ;) {
    const environment = entries(pid, "environ");
    const now = entries(pid, "cmdline");
    if (now.join("\0") === argv.join("\0")) return { ...process, argv, environment };
    argv = now;
  }
}

/** Threads of the kernel stay such, and have neither a command line nor an environment: often more than half of all. */
const kernelThreads = new Set<string>();
/** PF_KTHREAD of the kernel's sched.h. */
const kernelFlag = 0x0020_0000;

/** Null for a thread of the kernel. */
function readProcess(name: string): ListedProcess | null {
  const [, parent, , , , , flags] = readProcessStat(Number(name)) ?? [];
  if ((Number(flags) & kernelFlag) !== 0) {
    kernelThreads.add(name);
    return null;
  }
  return { pid: Number(name), parent: Number(parent), argv: entries(name, "cmdline"), environment: [] };
}

function entries(pid: string, file: "cmdline" | "environ"): string[] {
  const parts = read(`/proc/${pid}/${file}`).split("\0");
  return parts.at(-1) === "" ? parts.slice(0, -1) : parts;
}

/** Processes come and go, and not all may be read. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
