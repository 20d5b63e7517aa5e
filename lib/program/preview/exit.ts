import { isNotNow } from "../../gates/verdict/not-now.js";
import { selectDecidingGates } from "./render/verdict.js";
import { type PreviewedGate, type PreviewReport } from "./report.js";

const refused = 3;
const notNow = 5;

/**
 * Computes the exit code that an update would have now, as far as a preview can know. A gate that could not be judged
 * has no influence; one that waits means not now. Pure.
 */
export function computePreviewExitCode(report: PreviewReport): number {
  const { acts } = report;
  const decisive = selectDecidingGates(report);
  const against = decisive.filter(({ outcome }) => outcome === "fail" || outcome === "unknown");
  if (against.some((gate) => !isWaitingForOthers(gate)) || acts.some(({ acknowledged }) => !acknowledged))
    return refused;
  return against.length > 0 || decisive.some(({ outcome }) => outcome === "wait") ? notNow : 0;
}

function isWaitingForOthers({ outcome, reasons }: PreviewedGate): boolean {
  return isNotNow({ outcome: outcome === "unknown" ? "unknown" : "fail", reasons });
}
