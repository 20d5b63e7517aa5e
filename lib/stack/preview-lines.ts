import { describeEstimate } from "../plan/estimate.js";
import { type PreviewedGate, type PreviewReport } from "./preview-report.js";

/** What a bare `pulumi preview` shows beside the step and the road: a line for each thing an operator asks for. */
export function previewLines(report: PreviewReport): string[] {
  const { gates, releases, acts, acceptances, estimates, pointOfNoReturn, approval } = report;
  const list = (title: string, lines: string[]): string[] =>
    lines.length === 0 ? [] : [[`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n")];
  return [
    ...list("Gates, looked at once and read-only", gates.map(gateLine)),
    ...list(
      "Charts to move",
      releases.map(
        ({ role, namespace, name, from, to }) => `${role} (${namespace}/${name}): ${from ?? "new"} -> ${to}`,
      ),
    ),
    ...list(
      "Acts before the hop",
      acts.map((act) => `${act.name}: ${act.acknowledged ? "acknowledged" : `open. ${act.text}`}`),
    ),
    ...list("Acceptances used", acceptances.used),
    ...list("Acceptances that do not count", acceptances.uncounted),
    ...list("Acceptances that match nothing", acceptances.unused),
    ...list("Acceptances that have run out", acceptances.expired),
    ...list(
      "How long",
      estimates.map(({ hop, estimate }) => `${hop.from} -> ${hop.to}: ${describeEstimate(estimate)}`),
    ),
    ...(pointOfNoReturn === null
      ? []
      : [`Point of no return: ${pointOfNoReturn.from} -> ${pointOfNoReturn.to}; ${pointOfNoReturn.because}.`]),
    ...(approval === null ? [] : [`To approve: version ${approval.version}, fingerprint ${approval.fingerprint}.`]),
  ];
}

function gateLine({ gate, subject, when, mandatory, outcome, reasons, why }: PreviewedGate): string {
  const name = `${gate}${subject === null ? "" : ` ${subject}`} (${when}${mandatory ? "" : ", warns only"})`;
  if (outcome === "will-check") return `${name}: will check: ${why ?? ""}`;
  if (outcome === "not-applicable") return `${name}: not applicable: ${reasons[0]?.message ?? ""}`;
  const told = reasons.filter(({ code }) => outcome !== "pass" || code !== "NOTE");
  return [`${name}: ${outcome}`, ...told.map(({ code, message }) => `    ${code}: ${message}`)].join("\n  ");
}
