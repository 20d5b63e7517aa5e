import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { InvalidInputError, getErrorMessage } from "../../base/errors/errors.js";
import { decodeSaved } from "../../gates/mongo-replica-set/text/decode.js";

const maximumBytes = 64 * 1024 ** 2;

/**
 * Reads a saved document, in whatever encoding it is.
 * @throws InvalidInputError `FILE_UNREADABLE`
 */
export function readSavedFile(file: string): string {
  const decoded = decodeSaved(readBytes(file));
  if (!decoded.ok) throw createUnreadableError(file, decoded.why);
  return decoded.text;
}

/** Reads a regular file only: a FIFO or a device may never end. */
function readBytes(file: string): Buffer {
  try {
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile()) throw createUnreadableError(file, "it is no regular file");
      if (stat.size > maximumBytes)
        throw createUnreadableError(file, `it has ${stat.size} bytes, expected at most ${maximumBytes} (64 MiB)`);
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw createUnreadableError(file, getErrorMessage(error), error);
  }
}

function createUnreadableError(file: string, problem: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError("FILE_UNREADABLE", `--judge: ${file} cannot be read: ${problem}.`, {
    next: "Name a file that --record made, or for mongo one that holds the answer to rs.status().",
    cause,
  });
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
