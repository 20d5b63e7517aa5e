import { readFileSync } from "node:fs";
import { InvalidInputError, getErrorMessage } from "../errors/errors.js";

/** Reads a JSON file of a package, this one or another. @throws InvalidInputError `FILE_UNREADABLE` naming the file. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch (error) {
    const what = error instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new InvalidInputError("FILE_UNREADABLE", `${file} ${what}: ${getErrorMessage(error)}.`, {
      next: "Restore the file, or install its package again.",
      cause: error,
    });
  }
}
