import { spawnSync } from "node:child_process";

const provider = /pulumi-resource-kubernetes(\s|$)/;
const engine = /(^|\/)pulumi(\s|$)/;

/**
 * Provider processes of this user that outlived their engine, with Helm at work in them perhaps. Pure: takes what `ps` says,
 * one process a line: number, parent, command.
 */
export function orphanedProviders(lines: readonly string[]): number[] {
  const processes = lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match === null ? [] : [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3]! }];
  });
  const engines = new Set(processes.filter(({ command }) => engine.test(command)).map(({ pid }) => pid));
  return processes
    .filter(({ command, parent }) => provider.test(command) && !engines.has(parent))
    .map(({ pid }) => pid);
}

/** What `ps` says of this user's processes; empty where there is none. */
export function ownProcesses(): string[] {
  const user = process.getuid?.();
  if (user === undefined) return [];
  const { stdout } = spawnSync("ps", ["-U", String(user), "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return (stdout ?? "").split("\n").filter((line) => line !== "");
}
