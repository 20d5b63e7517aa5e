import { spawnSync } from "node:child_process";

const provider = /pulumi-resource-kubernetes(\s|$)/;
const engine = /(^|\/)pulumi(\s|$)/;

/**
 * Finds provider processes of this user that outlived their engine; Helm may still run in them. Pure: takes the output
 * of `ps`, one process a line: id, parent id, command.
 */
export function findOrphanedProviders(lines: readonly string[]): number[] {
  const processes = lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match === null ? [] : [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3]! }];
  });
  const engines = new Set(processes.filter(({ command }) => engine.test(command)).map(({ pid }) => pid));
  return processes
    .filter(({ command, parent }) => provider.test(command) && !engines.has(parent))
    .map(({ pid }) => pid);
}

/** Lists this user's processes as `ps` prints them; empty where there is no `ps`. */
export function listOwnProcesses(): string[] {
  const user = process.getuid?.();
  if (user === undefined) return [];
  const { stdout } = spawnSync("ps", ["-U", String(user), "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return (stdout ?? "").split("\n").filter((line) => line !== "");
}
