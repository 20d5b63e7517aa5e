import { writeFileSync } from "node:fs";
import { getErrorMessage, PaletteError } from "../base/errors/errors.js";

/** Environment variable that names the file the program writes its failure to; if absent, none is written. */
export const failureVariable = "PALETTE_FAILURE_FILE";

/** What the program threw; an engine passes on its text only. */
export interface ProgramFailure {
  code: string;
  exitCode: number;
  message: string;
  next: string | null;
}

/** Writes what ended the program to the file, for the driver. */
export function writeFailure(file: string | undefined, error: unknown): void {
  if (file === undefined || file === "") return;
  const failure: ProgramFailure =
    error instanceof PaletteError
      ? { code: error.code, exitCode: error.exitCode, message: error.message, next: error.next ?? null }
      : { code: "UNEXPECTED", exitCode: 1, message: getErrorMessage(error), next: null };
  writeFileSync(file, JSON.stringify(failure), { mode: 0o600 });
}
