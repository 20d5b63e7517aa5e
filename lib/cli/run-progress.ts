import { isNotApplicable } from "../gates/not-applicable.js";
import { type ProgressLine } from "../gates/progress-file.js";
import { type EngineEvent, type EngineStep } from "../upgrade/engine.js";
import { type Progress } from "./progress.js";

const command = "command:local:Command";
const release = "kubernetes:helm.sh/v3:Release";

/** What a step is called on screen; null for what only holds others together. */
export function stepLabel(step: EngineStep): string | null {
  if (step.type === command) {
    const [, kind, subject] = /^(gate|check|readiness|settled|catch-up)-(.+)$/.exec(step.name) ?? [];
    if (kind === "readiness" || kind === "settled" || kind === "catch-up") return `PCG ${subject}: ${kind}`;
    return kind === undefined ? step.name : `${kind} ${subject}`;
  }
  return step.type === release ? `release ${step.name}: ${step.operation}` : null;
}

/** Engine events of one run, as progress. Steps that change nothing are not shown. */
export function showEvents(progress: Progress): (event: EngineEvent) => void {
  return (event) => {
    if (event.kind === "diagnostic") {
      if (event.severity === "info") for (const line of event.message.trimEnd().split("\n")) progress.note(`  ${line}`);
      return;
    }
    if (event.kind === "hook") {
      if (event.outcome === "passed") progress.note(`    hook ${event.name}: judged again, passed`);
      return;
    }
    const label = stepLabel(event.step);
    if (label === null || event.step.operation === "same") return;
    const id = progressId(event.step);
    if (event.kind === "step-started") progress.start(id, label);
    else progress.finish(id, event.kind === "step-done" ? "passed" : "failed");
  };
}

/** What gate processes tell, laid beside the step whose Command they are. */
export function showWaiting(progress: Progress): (line: ProgressLine) => void {
  return (line) => {
    if (line.waiting !== undefined) progress.wait(gateId(line), line.waiting.replace(`${line.gate}: `, ""));
    if (line.report !== undefined && line.release === undefined && isNotApplicable(line.report))
      progress.passOver(gateId(line));
  };
}

function gateId({ gate, when, pcg }: ProgressLine): string {
  if (pcg !== null) {
    const kind = gate === "pcg-readiness" ? "readiness" : when === "before" ? "settled" : "catch-up";
    return `${kind}-${pcg.replace("/", "-")}`;
  }
  return `${when === "before" ? "gate" : "check"}-${gate}`;
}

function progressId(step: EngineStep): string {
  return step.type === release ? `release-${step.name}-${step.operation}` : step.name;
}
