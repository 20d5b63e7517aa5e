import { type GateReport } from "../../gates/verdict/types.js";
import { toOneLine } from "../../base/text/shown.js";
import { type EngineRun } from "../../engine/engine.js";
import { formatStepLabel } from "../up/run-progress.js";
import { formatCount } from "../../base/errors/counted.js";

/** Describes a gate's report for an operator: gate, hop, outcome, then each reason. */
export function describeGate(report: GateReport): string {
  const hop = report.from === report.to ? `at ${report.to}` : `${report.when} ${report.from} -> ${report.to}`;
  const name = report.subject === undefined ? report.gate : `${report.gate} ${report.subject}`;
  const head = `Gate ${name} (${hop}): ${report.outcome}, after ${formatCount(report.samples, "sample")}.`;
  const notes = report.reasons
    .filter(({ code }) => code === "NOTE")
    .map(({ message }) => `  note: ${toOneLine(message)}`);
  const reasons = report.reasons
    .filter(({ code }) => code !== "NOTE")
    .map(({ code, message }) => `  ${code}: ${toOneLine(message)}`);
  return [head, ...reasons, ...notes].join("\n");
}

/** Describes what a preview announced, in one line. */
export function describePreview(preview: EngineRun): string {
  const changes = preview.steps.filter(({ operation }) => operation !== "same" && operation !== "read");
  const releases = changes
    .filter(({ type }) => type === "kubernetes:helm.sh/v3:Release")
    .map((step) => `${step.name} (${step.operation})`);
  const gates = changes.filter((step) => formatStepLabel(step) !== null).length - releases.length;
  return `${formatCount(gates, "gate or check runs", "gates and checks run")}; releases: ${releases.length === 0 ? "none" : releases.join(", ")}`;
}
