import { readFileSync } from "node:fs";
import { InvalidInputError, getErrorMessage } from "../errors/errors.js";

/**
 * Reads the PEM text of a private certificate authority; undefined without a file.
 *
 * @param setting the settings key that names the file, for the error message.
 * @throws InvalidInputError `CA_FILE_UNREADABLE`.
 */
export function readCaFile(file: string | null, setting: string): string | undefined {
  if (file === null) return undefined;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw createUnreadableError(file, setting, `cannot be read: ${getErrorMessage(cause)}`, cause);
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw createUnreadableError(file, setting, "holds no certificate (PEM)", undefined);
}

function createUnreadableError(file: string, setting: string, problem: string, cause: unknown): InvalidInputError {
  return new InvalidInputError("CA_FILE_UNREADABLE", `The CA file ${file} ${problem}.`, {
    next: `Name a readable PEM file in ${setting}, or leave the key out to use the system's trust.`,
    cause,
  });
}
