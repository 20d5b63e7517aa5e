import type { PreviewedGate, PreviewReport } from "../report.js";
import { formatCount } from "../../../base/errors/counted.js";

/**
 * Result of a preview: `ready`, `nothing-to-do`, `will-check` (a gate could not be judged yet), `waits`, or `refuses`.
 */
export type PreviewEnd = "ready" | "nothing-to-do" | "will-check" | "waits" | "refuses";

export interface PreviewVerdict {
  end: PreviewEnd;
  /** One line, without a full stop. */
  sentence: string;
}

/**
 * Judges from the report alone what the update would do now: the most severe finding, plus the gates that only warn.
 */
export function judgePreview(report: PreviewReport): PreviewVerdict {
  const { end, sentence } = findDecisiveVerdict(report);
  const warning = report.gates.filter((gate) => gate.when === "before" && !gate.mandatory && isRefusing(gate));
  const warnings = warning.length === 0 ? "" : `; warns: ${warning.map(describeGateOutcome).join(", ")}`;
  return { end, sentence: sentence + warnings };
}

function findDecisiveVerdict(report: PreviewReport): PreviewVerdict {
  if (report.refusal !== null) return { end: "refuses", sentence: `refused (${report.refusal.code})` };
  const decisive = selectDecidingGates(report);
  const failing = decisive.filter(isRefusing);
  const open = describeOpenActs(report);
  if (failing.length > 0) {
    const sentence = `the update would be refused by ${failing.map(describeGateOutcome).join(", ")}`;
    return { end: "refuses", sentence: open === null ? sentence : `${sentence}; ${open}` };
  }
  if (open !== null) return { end: "refuses", sentence: `the update would be refused: ${open}` };
  const waiting = decisive.filter(({ outcome }) => outcome === "wait");
  if (waiting.length > 0) {
    return { end: "waits", sentence: `the update would wait for ${waiting.map(describeGateOutcome).join(", ")}` };
  }
  if (report.step?.kind === "done") return { end: "nothing-to-do", sentence: "nothing to do" };
  const unasked = decisive.filter(({ outcome }) => outcome === "will-check").length;
  if (unasked > 0) {
    const gates = formatCount(unasked, "gate is", "gates are");
    return { end: "will-check", sentence: `nothing speaks against it so far; ${gates} asked only in the update` };
  }
  return { end: "ready", sentence: "every gate that must pass does" };
}

function describeOpenActs({ acts }: PreviewReport): string | null {
  const open = acts.filter(({ acknowledged }) => !acknowledged);
  if (open.length === 0) return null;
  const names = open.map(({ name }) => name).join(", ");
  return `${open.length === 1 ? "an act is" : `${open.length} acts are`} not acknowledged (${names})`;
}

/**
 * Selects the gates that decide about the update: before a hop only the mandatory gates before it, because those after
 * it cannot be judged yet; if no release moves, also the checks of what is installed.
 */
export function selectDecidingGates({ gates, step }: PreviewReport): PreviewedGate[] {
  return gates.filter(({ when, mandatory }) => mandatory && (when === "before" || isStandingStill(step)));
}

function isStandingStill(step: PreviewReport["step"]): boolean {
  return step?.kind === "enrol" || step?.kind === "settle";
}

function isRefusing({ outcome }: PreviewedGate): boolean {
  return outcome === "fail" || outcome === "unknown";
}

function describeGateOutcome({ gate, subject, outcome }: PreviewedGate): string {
  return `${gate}${subject === null ? "" : ` of ${subject}`} (${outcome})`;
}
