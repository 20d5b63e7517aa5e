import type { PreviewedGate, PreviewReport } from "../report.js";
import { formatCount } from "../../../base/errors/counted.js";
import { judgeStep, type StepVerdict } from "../../step/step-verdict.js";

/**
 * Result of a preview: `ready`, `nothing-to-do`, `will-check` (a gate could not be judged yet), `waits` (for a gate, or
 * for other people), or `refuses`.
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
  const warnings = warning.length === 0 ? "" : `; warns: ${describeGateOutcomes(warning)}`;
  return { end, sentence: sentence + warnings };
}

function findDecisiveVerdict(report: PreviewReport): PreviewVerdict {
  if (report.refusal !== null) return { end: "refuses", sentence: `refused (${report.refusal.code})` };
  const { end, against, awaited, unasked } = judgeReportedStep(report);
  switch (end) {
    case "refused":
      return { end: "refuses", sentence: `the update would be refused${describeRefusing(against, report)}` };
    case "not-now":
      return { end: "waits", sentence: `not now, by ${describeGateOutcomes(against)}` };
    case "waits":
      return { end: "waits", sentence: `the update would wait for ${describeGateOutcomes(awaited)}` };
    case "goes-on":
      return describeClearWay(report, unasked);
  }
}

/** Judges the step that the report shows, by the function that an update is judged by. */
export function judgeReportedStep(report: PreviewReport): StepVerdict<PreviewedGate> {
  const openActs = report.acts.filter(({ acknowledged }) => !acknowledged);
  return judgeStep({ answers: selectDecidingGates(report), openActs });
}

function describeRefusing(against: readonly PreviewedGate[], report: PreviewReport): string {
  const open = describeOpenActs(report);
  if (against.length === 0) return `: ${open}`;
  return ` by ${describeGateOutcomes(against)}${open === null ? "" : `; ${open}`}`;
}

function describeClearWay(report: PreviewReport, unasked: readonly PreviewedGate[]): PreviewVerdict {
  if (unasked.length > 0) {
    const gates = formatCount(unasked.length, "gate was", "gates were");
    const names = unasked.map(formatGateName).join(", ");
    const sentence = `nothing speaks against it so far, but ${gates} not judged (${names}); only the update does`;
    return { end: "will-check", sentence };
  }
  if (report.step !== null && !report.clusterRead) {
    return { end: "will-check", sentence: "not judged: the cluster was not read, and what is said is by the record" };
  }
  if (report.step?.kind === "done") return { end: "nothing-to-do", sentence: "nothing to do" };
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
function selectDecidingGates({ gates, step }: PreviewReport): PreviewedGate[] {
  return gates.filter(({ when, mandatory }) => mandatory && (when === "before" || isStandingStill(step)));
}

function isStandingStill(step: PreviewReport["step"]): boolean {
  return step?.kind === "enrol" || step?.kind === "settle";
}

function isRefusing({ outcome }: PreviewedGate): boolean {
  return outcome === "fail" || outcome === "unknown";
}

function describeGateOutcomes(gates: readonly PreviewedGate[]): string {
  return gates.map(describeGateOutcome).join(", ");
}

function describeGateOutcome(gate: PreviewedGate): string {
  return `${formatGateName(gate)} (${gate.outcome})`;
}

function formatGateName({ gate, subject }: PreviewedGate): string {
  return subject === null ? gate : `${gate} of ${subject}`;
}
