import { isNotApplicable } from "../../gates/verdict/not-now.js";
import { type ProgressLine } from "../../gates/run/progress-file.js";
import { type EngineEvent, type EngineStep } from "../../engine/engine.js";
import { type Progress } from "../progress.js";

const command = "command:local:Command";
const release = "kubernetes:helm.sh/v3:Release";

/** Formats the label of a step for display; null for a step that only groups others. */
export function formatStepLabel(step: EngineStep): string | null {
  if (step.type === command) {
    const [, kind, subject] = /^(gate|check|readiness|settled|catch-up)-(.+)$/.exec(step.name) ?? [];
    if (kind === "readiness" || kind === "settled" || kind === "catch-up") return `PCG ${subject}: ${kind}`;
    return kind === undefined ? step.name : `${kind} ${subject}`;
  }
  return step.type === release ? `release ${step.name}: ${step.operation}` : null;
}

/** Creates a handler that shows the engine events of one run. Steps that change nothing are not shown. */
export function showEvents(progress: Progress): (event: EngineEvent) => void {
  return (event) => {
    if (event.kind === "diagnostic") {
      if (event.severity === "info")
        for (const line of event.message.trimEnd().split("\n")) progress.printNote(`  ${line}`);
      return;
    }
    if (event.kind === "hook") {
      if (event.outcome === "passed") progress.printNote(`    hook ${event.name}: judged again, passed`);
      return;
    }
    const label = formatStepLabel(event.step);
    if (label === null || event.step.operation === "same") return;
    const id = getProgressId(event.step);
    if (event.kind === "step-started") progress.start(id, label);
    else progress.finish(id, event.kind === "step-done" ? "passed" : "failed");
  };
}

/** Creates a handler that shows what gate processes report, beside the step of their Command. */
export function showWaiting(progress: Progress): (line: ProgressLine) => void {
  return (line) => {
    if (line.waiting !== undefined) progress.wait(getGateId(line), line.waiting.replace(`${line.gate}: `, ""));
    if (line.report !== undefined && line.release === undefined && isNotApplicable(line.report))
      progress.markNotApplicable(getGateId(line));
  };
}

function getGateId({ gate, when, pcg }: ProgressLine): string {
  if (pcg !== null) {
    const kind = gate === "pcg-readiness" ? "readiness" : when === "before" ? "settled" : "catch-up";
    return `${kind}-${pcg.replace("/", "-")}`;
  }
  return `${when === "before" ? "gate" : "check"}-${gate}`;
}

function getProgressId(step: EngineStep): string {
  return step.type === release ? `release-${step.name}-${step.operation}` : step.name;
}
