import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { spawnSync } from "node:child_process";
import { z } from "zod";
import { NotNowError } from "../errors/errors.js";

const ownerSchema = z.object({
  pid: z.number().int(),
  /**
   * Start time: distinguishes the process from a later one with the same PID; empty where the system does not report
   * it.
   */
  begun: z.string(),
  host: z.string(),
  since: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

export interface Lock {
  release(): void;
  /** Message to show when the lock of a process that no longer exists was taken over; null otherwise. */
  takenOver: string | null;
}

/** Makes this process the only one that runs `up` on a state file. Throws `STACK_LOCKED` while another one lives. */
export function acquireLock(stateFile: string, now: Date = new Date()): Lock {
  const file = `${stateFile}.lock`;
  const own: Owner = {
    pid: process.pid,
    begun: readProcessStart(process.pid),
    host: hostname(),
    since: now.toISOString(),
  };
  mkdirSync(dirname(file), { recursive: true });
  const takenOver = createLockFile(file, own);
  return { takenOver, release: () => rmSync(file, { force: true }) };
}

/** The process that holds the lock, for messages. */
export interface LockOwner {
  process: number;
  host: string;
  /** ISO 8601. */
  since: string;
}

/**
 * Returns the owner of the lock without taking or changing it; null where the lock is free, or was left by a process of
 * this machine that no longer exists.
 */
export function findLockOwner(stateFile: string): LockOwner | "unreadable" | null {
  const owner = readOwner(`${stateFile}.lock`);
  if (owner === "gone") return null;
  if (owner === "unreadable") return owner;
  const { pid, host, since } = owner;
  return host !== hostname() || isOwnerAlive(owner) ? { process: pid, host, since } : null;
}

const attempts = 20;
const pauseMilliseconds = 10;

function createLockFile(file: string, own: Owner): string | null {
  let takenOver: string | null = null;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (linkOwner(file, own)) return takenOver;
    takenOver = removeIfDead(file, own) ?? takenOver;
    if (attempt > 1) pauseSync(pauseMilliseconds);
  }
  throw createLockedError(file, "another process keeps taking it");
}

/** Creates a file that names its owner, whole or not at all; false if it exists. The temporary name cannot be guessed. */
function linkOwner(file: string, own: Owner): boolean {
  const temporaryFile = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporaryFile, JSON.stringify(own), { mode: 0o600, flag: "wx" });
    linkSync(temporaryFile, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(temporaryFile, { force: true });
  }
}

function pauseSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/**
 * Removes the lock of a process that provably no longer exists and returns a message about it; null if it is gone or
 * another process is about to remove it; throws for any other.
 */
function removeIfDead(file: string, own: Owner): string | null {
  const owner = readOwner(file);
  if (owner === "gone") return null;
  if (owner === "unreadable") throw createLockedError(file, "it cannot be read, so its owner is not known");
  const who = `process ${owner.pid} on ${owner.host} since ${owner.since}`;
  if (owner.host !== own.host) throw createLockedError(file, `it is held by ${who}, another machine`);
  if (isOwnerAlive(owner)) throw createLockedError(file, `it is held by ${who}`);
  // Only who holds the claim removes the lock, so that nobody removes the one that was made in its place.
  const claim = `${file}.claim`;
  if (!linkOwner(claim, own)) {
    const claimant = readOwner(claim);
    if (typeof claimant === "object" && claimant.host === own.host && !isOwnerAlive(claimant))
      rmSync(claim, { force: true });
    return null;
  }
  try {
    if (JSON.stringify(readOwner(file)) !== JSON.stringify(owner)) return null;
    rmSync(file, { force: true });
  } finally {
    rmSync(claim, { force: true });
  }
  return `The last run (${who}) ended without giving back its lock: that process is gone, so this run takes over from the state it saved.`;
}

function readOwner(file: string): Owner | "gone" | "unreadable" {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "gone" : "unreadable";
  }
}

function createLockedError(file: string, because: string): NotNowError {
  return new NotNowError("STACK_LOCKED", `The state is locked: ${because} (${file}).`, {
    next: "Wait until that run has ended and run this again. Only where no such run exists, delete the lock file.",
  });
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
  return /^[ZX]/.test(readProcessStat(pid)?.[0] ?? readPsColumn(pid, "state"));
}

function isOwnerAlive(owner: Owner): boolean {
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
function readProcessStat(pid: number): string[] | null {
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
