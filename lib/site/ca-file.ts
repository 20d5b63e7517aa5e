import { readFileSync } from "node:fs";
import { InvalidInputError, messageOf } from "../errors.js";

/**
 * PEM text of a private certificate authority; undefined for none.
 *
 * @param setting the key that names the file, for the error.
 * @throws InvalidInputError `CA_FILE_UNREADABLE`.
 */
export function readCaFile(file: string | null, setting: string): string | undefined {
  if (file === null) return undefined;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw unreadable(file, setting, `cannot be read: ${messageOf(cause)}`, cause);
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw unreadable(file, setting, "holds no certificate (PEM)", undefined);
}

function unreadable(file: string, setting: string, what: string, cause: unknown): InvalidInputError {
  return new InvalidInputError("CA_FILE_UNREADABLE", `The CA file ${file} ${what}.`, {
    next: `Name a readable PEM file in ${setting}, or leave the key out to use the system's trust.`,
    ...(cause === undefined ? {} : { cause }),
  });
}
