import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import * as z from "zod";

export const processSchema = z.object({
  pid: z.number().int(),
  /**
   * Start time: distinguishes the process from a later one with the same PID; empty where the system does not report
   * it.
   */
  begun: z.string(),
  host: z.string(),
});
/** What distinguishes a process from every other one, also after it has ended. */
export type ProcessIdentity = z.infer<typeof processSchema>;

/** Identifies this process. */
export function identifyProcess(): ProcessIdentity {
  return { pid: process.pid, begun: readProcessStart(process.pid), host: hostname() };
}

/** Returns whether a process of this machine is alive, whichever user it belongs to. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !isDefunct(pid);
}

/**
 * Returns whether a process has ended but its parent has not reaped it (a zombie). In a container whose first process
 * reaps no children, this state lasts for ever.
 */
function isDefunct(pid: number): boolean {
  const stat = readProcessStat(pid);
  return stat === null ? readPsColumn(pid, "state").startsWith("Z") : isDefunctStat(stat);
}

/**
 * Returns whether fields of `/proc/<pid>/stat`, from the state on, are those of a process that has ended. The state is
 * that of its first thread alone: while others of a killed process still end, what it was writing may still be written,
 * and its children are still its own. Pure.
 */
export function isDefunctStat(stat: readonly string[]): boolean {
  return /^[ZX]/.test(stat[0] ?? "") && Number(stat[17]) <= 1;
}

/** Returns whether the process itself is alive, not a later one with its PID. Asked on its own machine only. */
export function isOwnerAlive(owner: ProcessIdentity): boolean {
  if (!isProcessAlive(owner.pid)) return false;
  const startTime = readProcessStart(owner.pid);
  return startTime === "" || owner.begun === "" || startTime === owner.begun;
}

/** Reads when a process started, as the system reports it: clock ticks since boot, or a date; empty when unknown. */
function readProcessStart(pid: number): string {
  const stat = readProcessStat(pid);
  return stat === null ? readPsColumn(pid, "lstart") : (stat[19] ?? "");
}

/**
 * Reads the fields of `/proc/<pid>/stat` from the state on; null on other systems, and for a process that does not
 * exist.
 */
export function readProcessStat(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

function readPsColumn(pid: number, column: "state" | "lstart"): string {
  return spawnSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() ?? "";
}
