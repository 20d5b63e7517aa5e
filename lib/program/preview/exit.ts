import { judgeReportedStep } from "./render/verdict.js";
import { type PreviewReport } from "./report.js";

/** Computes the exit code that an update would have now, as far as a preview can know. Pure. */
export function computePreviewExitCode(report: PreviewReport): number {
  return judgeReportedStep(report).exitCode;
}
