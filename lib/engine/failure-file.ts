import { writeFileSync } from "node:fs";
import { toFailure } from "../base/errors/refusal.js";

/** Environment variable that names the file the program writes its failure to; if absent, none is written. */
export const failureVariable = "PALETTE_FAILURE_FILE";

/** Writes what ended the program to the file, for the driver: an engine passes on its text only. */
export function writeFailure(file: string | undefined, error: unknown): void {
  if (file === undefined || file === "") return;
  writeFileSync(file, JSON.stringify(toFailure(error)), { mode: 0o600 });
}
