import { renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { getErrorMessage, PaletteError } from "../errors/errors.js";

const fullCodes: readonly (string | undefined)[] = ["ENOSPC", "EDQUOT"];

/**
 * Does what writes below a folder. The system's own error of a full disk names neither.
 *
 * @throws PaletteError `DISK_FULL` naming the folder; anything else as it was thrown.
 */
export function nameFullDisk<T>(folder: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!fullCodes.includes((error as NodeJS.ErrnoException).code)) throw error;
    throw new PaletteError("DISK_FULL", 1, `The disk that holds ${folder} is full: ${getErrorMessage(error)}.`, {
      next: "Make room on it, then run the same command again: it goes on from what was written last.",
      cause: error,
    });
  }
}

/**
 * Writes a file under another name and renames it: a reader, even after a kill, finds the old text or the new one. Only
 * this user can read it.
 *
 * @throws PaletteError `DISK_FULL`; the old text stays.
 */
export function replaceFile(file: string, text: string): void {
  const temporary = `${file}.tmp`;
  try {
    nameFullDisk(dirname(file), () => writeFileSync(temporary, text, { mode: 0o600 }));
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
