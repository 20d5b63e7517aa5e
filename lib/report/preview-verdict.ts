import type { PreviewedGate, PreviewReport } from "../stack/preview-report.js";
import { counted } from "../counted.js";

/** How a preview ends: `ready`, `nothing-to-do`, `will-check` (some gate could not be asked), `waits`, or `refuses`. */
export type PreviewEnd = "ready" | "nothing-to-do" | "will-check" | "waits" | "refuses";

export interface PreviewVerdict {
  end: PreviewEnd;
  /** One line, without a full stop. */
  sentence: string;
}

/** What the update would do now, judged from the report alone; the gravest comes first, what only warns goes with it. */
export function previewVerdict(report: PreviewReport): PreviewVerdict {
  const { end, sentence } = decisiveVerdict(report);
  const warning = report.gates.filter((gate) => gate.when === "before" && !gate.mandatory && speaksAgainst(gate));
  const warnings = warning.length === 0 ? "" : `; warns: ${warning.map(gateInWords).join(", ")}`;
  return { end, sentence: sentence + warnings };
}

function decisiveVerdict(report: PreviewReport): PreviewVerdict {
  if (report.refusal !== null) return { end: "refuses", sentence: `refused (${report.refusal.code})` };
  const decisive = decidingGates(report);
  const failing = decisive.filter(speaksAgainst);
  const open = openActsInWords(report);
  if (failing.length > 0) {
    const sentence = `the update would be refused by ${failing.map(gateInWords).join(", ")}`;
    return { end: "refuses", sentence: open === null ? sentence : `${sentence}; ${open}` };
  }
  if (open !== null) return { end: "refuses", sentence: `the update would be refused: ${open}` };
  const waiting = decisive.filter(({ outcome }) => outcome === "wait");
  if (waiting.length > 0) {
    return { end: "waits", sentence: `the update would wait for ${waiting.map(gateInWords).join(", ")}` };
  }
  if (report.step?.kind === "done") return { end: "nothing-to-do", sentence: "nothing to do" };
  const unasked = decisive.filter(({ outcome }) => outcome === "will-check").length;
  if (unasked > 0) {
    const gates = counted(unasked, "gate is", "gates are");
    return { end: "will-check", sentence: `nothing speaks against it so far; ${gates} asked only in the update` };
  }
  return { end: "ready", sentence: "every gate that must pass does" };
}

function openActsInWords({ acts }: PreviewReport): string | null {
  const open = acts.filter(({ acknowledged }) => !acknowledged);
  if (open.length === 0) return null;
  const names = open.map(({ name }) => name).join(", ");
  return `${open.length === 1 ? "an act is" : `${open.length} acts are`} not acknowledged (${names})`;
}

/**
 * Gates that decide what becomes of the update: before a hop those that stand between this preview and a move, for what is judged
 * after it is not known yet; where nothing moves on, the checks of what is installed too.
 */
export function decidingGates({ gates, step }: PreviewReport): PreviewedGate[] {
  return gates.filter(({ when, mandatory }) => mandatory && (when === "before" || isStandingStill(step)));
}

function isStandingStill(step: PreviewReport["step"]): boolean {
  return step?.kind === "enrol" || step?.kind === "settle";
}

function speaksAgainst({ outcome }: PreviewedGate): boolean {
  return outcome === "fail" || outcome === "unknown";
}

function gateInWords({ gate, subject, outcome }: PreviewedGate): string {
  return `${gate}${subject === null ? "" : ` of ${subject}`} (${outcome})`;
}
