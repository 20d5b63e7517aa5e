import { join } from "node:path";
import { findLockOwner, type LockOwner } from "../base/process/process-lock.js";

/** Path of the lock that `up` holds on this machine while it drives a stack. */
export function getDriverLockPath({ projectDir, name }: { projectDir: string; name: string }): string {
  return join(projectDir, ".palette", `driver-${encodeURIComponent(name)}`);
}

/** The `up` that drives a stack from this checkout now, and a sentence on what cannot be determined. */
export interface DriverSnapshot {
  driver: LockOwner | null;
  unseen: string | null;
}

/** Reads the lock; neither takes nor breaks it. */
export function findDriver(stack: { projectDir: string; name: string }, host: string): DriverSnapshot {
  const lock = getDriverLockPath(stack);
  const owner = findLockOwner(lock);
  if (owner === null) return { driver: null, unseen: null };
  if (owner === "unreadable") {
    const unseen = `Whether an "up" drives this stack cannot be determined: ${lock}.lock cannot be read. Only where none does, delete it.`;
    return { driver: null, unseen };
  }
  if (owner.host === host) return { driver: owner, unseen: null };
  const who = `process ${owner.process} on ${owner.host}`;
  const unseen = `Whether ${who} still lives cannot be seen from here: look there. Only where it is gone, delete ${lock}.lock.`;
  return { driver: owner, unseen };
}
