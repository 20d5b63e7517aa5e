import { isNotNow } from "../gates/not-now.js";
import { decidingGates } from "../report/preview-verdict.js";
import { type PreviewedGate, type PreviewReport } from "../stack/preview-report.js";

const refused = 3;
const notNow = 5;

/**
 * What an update would end with now, as far as a preview can know. A gate that could not be asked promises nothing and
 * forbids nothing; one that waits is not there yet. Pure.
 */
export function previewExitCode(report: PreviewReport): number {
  const { acts } = report;
  const decisive = decidingGates(report);
  const against = decisive.filter(({ outcome }) => outcome === "fail" || outcome === "unknown");
  if (against.some((gate) => !waitsForOthers(gate)) || acts.some(({ acknowledged }) => !acknowledged)) return refused;
  return against.length > 0 || decisive.some(({ outcome }) => outcome === "wait") ? notNow : 0;
}

function waitsForOthers({ outcome, reasons }: PreviewedGate): boolean {
  return isNotNow({ outcome: outcome === "unknown" ? "unknown" : "fail", reasons });
}
