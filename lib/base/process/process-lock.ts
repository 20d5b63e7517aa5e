import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import * as z from "zod";
import { NotNowError } from "../errors/errors.js";
import { identifyProcess, isOwnerAlive, processSchema } from "./process-identity.js";

const ownerSchema = processSchema.extend({ since: z.string() });
type Owner = z.infer<typeof ownerSchema>;

export interface Lock {
  release(): void;
  /** Message to show when the lock of a process that no longer exists was taken over; null otherwise. */
  takenOver: string | null;
}

/** Makes this process the only one that runs `up` on a state file. Throws `STACK_LOCKED` while another one lives. */
export function acquireLock(stateFile: string, now: Date = new Date()): Lock {
  const file = `${stateFile}.lock`;
  const own: Owner = { ...identifyProcess(), since: now.toISOString() };
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
