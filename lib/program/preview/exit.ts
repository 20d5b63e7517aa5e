import { judgeReportedStep } from "./render/verdict.js";
import { type PreviewReport } from "./report.js";

const refused = 3;
const withWarnings = 4;

interface ExitOptions {
  /** Its only purpose is to judge: what was not judged refuses. */
  gatesOnly?: boolean;
  /** What was not judged is 4, whatever the preview is for. */
  warningsAsExitCode?: boolean;
}

/**
 * Computes the exit code that an update would have now, as far as a preview can know. Blind is not green: where nothing
 * speaks against the update, but a gate was not judged or the cluster not read, a preview of the gates alone refuses. A
 * whole preview also serves where there is no way to the cluster. Pure.
 */
export function computePreviewExitCode(
  report: PreviewReport,
  { gatesOnly = false, warningsAsExitCode = false }: ExitOptions = {},
): number {
  const { exitCode, unasked } = judgeReportedStep(report);
  const isBlind = !report.clusterRead || unasked.length > 0;
  if (exitCode !== 0 || !isBlind) return exitCode;
  if (warningsAsExitCode) return withWarnings;
  return gatesOnly ? refused : 0;
}
