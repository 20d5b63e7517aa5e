import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { InvalidInputError, getErrorMessage } from "../errors.js";
import { previewFileVariable, type PreviewReport } from "./preview-report.js";

/** Writes the report atomically to the file named by `PALETTE_PREVIEW_FILE`; without it nothing is written. */
export function writePreviewFile(report: PreviewReport, environment: NodeJS.ProcessEnv): void {
  const file = environment[previewFileVariable] ?? "";
  if (file === "") return;
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    throw new InvalidInputError(
      "PREVIEW_FILE",
      `${previewFileVariable}: ${file} cannot be written: ${getErrorMessage(error)}.`,
      {
        next: "Name a file in a folder that can be written.",
        cause: error,
      },
    );
  }
}
