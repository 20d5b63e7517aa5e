import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { spawnSync } from "node:child_process";
import { z } from "zod";
import { NotNowError } from "./errors.js";

const ownerSchema = z.object({
  pid: z.number().int(),
  /** Tells the process from a later one with the same number; empty where the system does not say. */
  begun: z.string(),
  host: z.string(),
  since: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

export interface Lock {
  release(): void;
  /** Set when the lock of a process that is gone was taken over: what to tell. */
  takenOver: string | null;
}

/** Makes this process the only one that runs `up` on a state file. Throws `STACK_LOCKED` while another one lives. */
export function acquireLock(stateFile: string, now: Date = new Date()): Lock {
  const file = `${stateFile}.lock`;
  const own: Owner = { pid: process.pid, begun: processBegun(process.pid), host: hostname(), since: now.toISOString() };
  mkdirSync(dirname(file), { recursive: true });
  const takenOver = placeLock(file, own);
  return { takenOver, release: () => rmSync(file, { force: true }) };
}

/** Who keeps others from the lock, for telling it; nothing is taken or changed. */
export interface LockOwner {
  process: number;
  host: string;
  /** ISO 8601. */
  since: string;
}

/** Null where the lock is free, or was left by a process of this machine that is gone. */
export function lockOwner(stateFile: string): LockOwner | "unreadable" | null {
  const owner = readOwner(`${stateFile}.lock`);
  if (owner === "gone") return null;
  if (owner === "unreadable") return owner;
  const { pid, host, since } = owner;
  return host !== hostname() || isAlive(owner) ? { process: pid, host, since } : null;
}

function placeLock(file: string, own: Owner): string | null {
  const beside = `${file}.${own.pid}.tmp`;
  let takenOver: string | null = null;
  writeFileSync(beside, JSON.stringify(own), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        linkSync(beside, file);
        return takenOver;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      takenOver = removeIfDead(file, own);
    }
  } finally {
    rmSync(beside, { force: true });
  }
  throw lockedError(file, "another process keeps taking it");
}

/** Removes the lock of a process that is provably gone and says so; throws for any other. */
function removeIfDead(file: string, own: Owner): string | null {
  const owner = readOwner(file);
  if (owner === "gone") return null;
  if (owner === "unreadable") throw lockedError(file, "it cannot be read, so nobody can tell whose it is");
  const who = `process ${owner.pid} on ${owner.host} since ${owner.since}`;
  if (owner.host !== own.host) throw lockedError(file, `it is held by ${who}, another machine`);
  if (isAlive(owner)) throw lockedError(file, `it is held by ${who}`);
  const aside = `${file}.${own.pid}.dead`;
  renameSync(file, aside);
  const taken = readOwner(aside);
  // Somebody else may have taken over between the look and the rename: give a living owner its lock back.
  if (JSON.stringify(taken) !== JSON.stringify(owner)) {
    linkSync(aside, file);
    rmSync(aside, { force: true });
    throw lockedError(file, "another process has just taken it over");
  }
  rmSync(aside, { force: true });
  return `The last run (${who}) ended without giving back its lock: that process is gone, so this run takes over from the state it saved.`;
}

function readOwner(file: string): Owner | "gone" | "unreadable" {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "gone" : "unreadable";
  }
}

function lockedError(file: string, because: string): NotNowError {
  return new NotNowError("STACK_LOCKED", `The state is locked: ${because} (${file}).`, {
    next: "Wait until that run has ended and run this again. Only where no such run exists, delete the lock file.",
  });
}

/** Whether a process of this machine lives, whoever it belongs to. */
export function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !isDefunct(pid);
}

/** Ended, and not collected by its parent: in a container whose first process collects nobody that lasts for ever. */
function isDefunct(pid: number): boolean {
  return /^[ZX]/.test(statOf(pid)?.[0] ?? psOf(pid, "state"));
}

function isAlive(owner: Owner): boolean {
  if (!processLives(owner.pid)) return false;
  const begun = processBegun(owner.pid);
  return begun === "" || owner.begun === "" || begun === owner.begun;
}

/** When a process began, in the system's own words: clock ticks since boot, or a date; empty when it cannot be told. */
function processBegun(pid: number): string {
  const stat = statOf(pid);
  return stat === null ? psOf(pid, "lstart") : (stat[19] ?? "");
}

/** What Linux tells of a process, from its state on; null elsewhere, and for one that is gone. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

function psOf(pid: number, column: "state" | "lstart"): string {
  return spawnSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() ?? "";
}
