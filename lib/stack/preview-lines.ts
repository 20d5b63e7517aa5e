import { describeEstimate } from "../plan/estimate.js";
import { type PreviewedGate, type PreviewReport } from "./preview-report.js";

/** Formats what a plain `pulumi preview` shows beside the step and the route. */
export function formatPreview(report: PreviewReport): string[] {
  const { gates, releases, acts, acceptances, estimates, pointOfNoReturn, approval } = report;
  const formatList = (title: string, lines: string[]): string[] =>
    lines.length === 0 ? [] : [[`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n")];
  return [
    ...formatList("Gates, looked at once and read-only", gates.map(formatGate)),
    ...formatList(
      "Charts to move",
      releases.map(
        ({ role, namespace, name, from, to }) => `${role} (${namespace}/${name}): ${from ?? "new"} -> ${to}`,
      ),
    ),
    ...formatList(
      "Acts before the hop",
      acts.map((act) => `${act.name}: ${act.acknowledged ? "acknowledged" : `open. ${act.text}`}`),
    ),
    ...formatList("Acceptances used", acceptances.used),
    ...formatList("Acceptances that do not count", acceptances.uncounted),
    ...formatList("Acceptances that match nothing", acceptances.unused),
    ...formatList("Acceptances that have run out", acceptances.expired),
    ...formatList(
      "How long",
      estimates.map(({ hop, estimate }) => `${hop.from} -> ${hop.to}: ${describeEstimate(estimate)}`),
    ),
    ...(pointOfNoReturn === null
      ? []
      : [`Point of no return: ${pointOfNoReturn.from} -> ${pointOfNoReturn.to}; ${pointOfNoReturn.because}.`]),
    ...(approval === null ? [] : [`To approve: version ${approval.version}, fingerprint ${approval.fingerprint}.`]),
  ];
}

function formatGate({ gate, subject, when, mandatory, outcome, reasons, why }: PreviewedGate): string {
  const name = `${gate}${subject === null ? "" : ` ${subject}`} (${when}${mandatory ? "" : ", warns only"})`;
  if (outcome === "will-check") return `${name}: will check: ${why ?? ""}`;
  if (outcome === "not-applicable") return `${name}: not applicable: ${reasons[0]?.message ?? ""}`;
  const shownReasons = reasons.filter(({ code }) => outcome !== "pass" || code !== "NOTE");
  return [`${name}: ${outcome}`, ...shownReasons.map(({ code, message }) => `    ${code}: ${message}`)].join("\n  ");
}
