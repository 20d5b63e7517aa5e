import { join } from "node:path";
import { lockOwner, type LockOwner } from "../process-lock.js";

/** What `up` holds on this machine while it drives a stack. */
export function driverLock({ projectDir, name }: { projectDir: string; name: string }): string {
  return join(projectDir, ".palette", `driver-${encodeURIComponent(name)}`);
}

/** The `up` that drives a stack from this checkout now, and in a sentence what of it cannot be seen. */
export interface DriverSight {
  driver: LockOwner | null;
  unseen: string | null;
}

/** Looks; takes and breaks nothing. */
export function lookForDriver(stack: { projectDir: string; name: string }, host: string): DriverSight {
  const lock = driverLock(stack);
  const owner = lockOwner(lock);
  if (owner === null) return { driver: null, unseen: null };
  if (owner === "unreadable") {
    const unseen = `Whether an "up" drives this stack cannot be told: ${lock}.lock cannot be read. Only where none does, delete it.`;
    return { driver: null, unseen };
  }
  if (owner.host === host) return { driver: owner, unseen: null };
  const who = `process ${owner.process} on ${owner.host}`;
  const unseen = `Whether ${who} still lives cannot be seen from here: look there. Only where it is gone, delete ${lock}.lock.`;
  return { driver: owner, unseen };
}
