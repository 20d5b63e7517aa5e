import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { InvalidInputError, messageOf } from "../errors.js";

/** The text of a saved document. @throws InvalidInputError `FILE_UNREADABLE` */
export function savedText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new InvalidInputError("FILE_UNREADABLE", `--judge: ${file} cannot be read: ${messageOf(error)}.`, {
      next: "Name a file that --record made, or for mongo one that holds the answer to rs.status().",
      cause: error,
    });
  }
}

/** Asked before a look, so that none is taken in vain. @throws InvalidInputError `FILE_EXISTS` */
export function assertNew(file: string): void {
  if (!existsSync(file)) return;
  throw new InvalidInputError("FILE_EXISTS", `--record: ${file} is there already, and no record is written over.`, {
    next: "Name a new file.",
  });
}

/** Readable by its owner alone: a record tells names, addresses and faults of an installation. */
export function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw new InvalidInputError("FILE_UNWRITABLE", `--record: ${file} cannot be written: ${messageOf(error)}.`, {
      next: "Name a new file in a folder that can be written.",
      cause: error,
    });
  }
}
