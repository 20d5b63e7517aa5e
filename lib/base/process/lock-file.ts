import { closeSync, openSync } from "node:fs";

/** Creates an empty file for this user alone, which stands for a lock; false where it exists or cannot be created. */
export function createLockFile(file: string): boolean {
  try {
    closeSync(openSync(file, "wx", 0o600));
    return true;
  } catch {
    return false;
  }
}
