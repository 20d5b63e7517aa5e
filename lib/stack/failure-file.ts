import { writeFileSync } from "node:fs";
import { messageOf, PaletteError } from "../errors.js";

/** Environment entry naming the file that the program tells its own failure to; absent: nobody asks. */
export const failureVariable = "PALETTE_FAILURE_FILE";

/** What the program threw: an engine shows its text only. */
export interface ProgramFailure {
  code: string;
  exitCode: number;
  message: string;
  next: string | null;
}

/** Tells the driver what ended the program. */
export function tellFailure(file: string | undefined, error: unknown): void {
  if (file === undefined || file === "") return;
  const failure: ProgramFailure =
    error instanceof PaletteError
      ? { code: error.code, exitCode: error.exitCode, message: error.message, next: error.next ?? null }
      : { code: "UNEXPECTED", exitCode: 1, message: messageOf(error), next: null };
  writeFileSync(file, JSON.stringify(failure), { mode: 0o600 });
}
