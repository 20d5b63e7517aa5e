import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";

/** Reads a saved document. @throws InvalidInputError `FILE_UNREADABLE` */
export function readSavedFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new InvalidInputError("FILE_UNREADABLE", `--judge: ${file} cannot be read: ${getErrorMessage(error)}.`, {
      next: "Name a file that --record made, or for mongo one that holds the answer to rs.status().",
      cause: error,
    });
  }
}

/** Checks, before the inspection, that the file does not exist yet. @throws InvalidInputError `FILE_EXISTS` */
export function assertNewFile(file: string): void {
  if (!existsSync(file)) return;
  throw new InvalidInputError("FILE_EXISTS", `--record: ${file} is there already, and no record is written over.`, {
    next: "Name a new file.",
  });
}

/** Writes a file that only its owner can read: a record has names, addresses and faults of an installation. */
export function writeNewFile(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw new InvalidInputError("FILE_UNWRITABLE", `--record: ${file} cannot be written: ${getErrorMessage(error)}.`, {
      next: "Name a new file in a folder that can be written.",
      cause: error,
    });
  }
}
