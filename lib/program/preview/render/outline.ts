import { describeIdentity } from "../../../site/identity.js";
import { describeLoosened } from "../../../settings/loosened.js";
import { stringify } from "yaml";
import { describeEstimate } from "../../../planning/plan/estimate.js";
import type { Plan, Warning } from "../../../planning/plan/types.js";
import type { PreviewedGate, PreviewedRelease, PreviewReport } from "../report.js";
import type { Step } from "../../step/step.js";
import { describeValues } from "./describe-values.js";
import type { Fact } from "../../../report/outline.js";
import { judgePreview, type PreviewVerdict } from "./verdict.js";
import { formatCount } from "../../../base/errors/counted.js";

/** One gate in the outline of a preview. */
export interface GateLine {
  /** Name, followed by the subject if it has one. */
  name: string;
  when: "before" | "after";
  must: "must pass" | "may warn";
  outcome: PreviewedGate["outcome"];
  /** Each reason as `CODE member: message`, or why the gate could not be judged. */
  findings: string[];
}

/** What both human-readable renderers of a preview show; they differ only in form. Texts are not escaped. */
export interface PreviewOutline {
  /** Stack and step in one line. */
  headline: string;
  verdict: PreviewVerdict;
  facts: Fact[];
  warnings: Warning[];
  refusal: PreviewReport["refusal"];
  gates: GateLine[];
  acts: PreviewReport["acts"];
  /** What to add to the stack's settings once the open acts are done; empty if no act is open. */
  acknowledgement: string;
  releases: { name: string; moves: string; sha256: string; values: string }[];
  acceptances: Fact[];
  estimates: Fact[];
}

const getProductName = (plan: Plan | null): string =>
  plan?.matrix.edition === "vertex" ? "Palette VerteX" : "Palette";

/** Creates the outline of a preview. `arrow` is put between two versions. */
export function createPreviewOutline(report: PreviewReport, arrow = "->"): PreviewOutline {
  return {
    headline: `${report.stack}: ${describeStep(report, arrow)}`,
    verdict: judgePreview(report),
    facts: listFacts(report, arrow),
    warnings: report.plan?.warnings ?? [],
    refusal: report.refusal,
    gates: toGateLines(report.gates),
    acts: report.acts,
    acknowledgement: renderAcknowledgement(report),
    releases: report.releases.map((release) => toReleaseLine(release, arrow)),
    acceptances: listAcceptanceFacts(report.acceptances),
    estimates: report.estimates.map(({ hop, estimate }): Fact => [
      `${hop.from} ${arrow} ${hop.to}`,
      describeEstimate(estimate),
    ]),
  };
}

function describeStep(report: PreviewReport, arrow: string): string {
  const { step, plan } = report;
  if (step === null) {
    if (plan === null) return "no step could be decided";
    return `${getProductName(plan)} ${plan.from} ${arrow} ${plan.to}, no step could be decided`;
  }
  switch (step.kind) {
    case "enrol":
      return `enrol ${getProductName(plan)} ${step.destination}, nothing moves`;
    case "settle":
      return `settle ${getProductName(plan)} ${step.destination}, only its checks run`;
    case "hop":
      return describeHop(step, report, arrow);
    case "install":
      return `install ${getProductName(plan)} ${step.destination} on a clean cluster${step.resuming ? ", begun before and taken up again" : ""}`;
    case "done":
      return `${getProductName(plan)} ${step.destination} is the target`;
  }
}

function describeHop(
  step: Extract<Step, { kind: "hop" }>,
  { plan, hopInProgress }: Pick<PreviewReport, "plan" | "hopInProgress">,
  arrow: string,
): string {
  const count = plan?.hops.length ?? 0;
  const further = count > 1 ? `, the first of ${formatCount(count, "hop")} to ${plan!.to}` : "";
  const offRoute = hopInProgress?.onRoute === false ? ", not on the route to the target" : "";
  const again = step.resuming ? `, begun before and taken up again${offRoute}` : "";
  return `${getProductName(plan)} ${step.from} ${arrow} ${step.destination}${again}${further}`;
}

const confirmation =
  "that this is the installation you mean: the first update asks for it on a terminal; without one it needs palette:cluster.uid or palette:cluster.server";

function listFacts(report: PreviewReport, arrow: string): Fact[] {
  const { plan, hop, hopInProgress, estimates, pointOfNoReturn, approval, notice, loosened, tool } = report;
  const route =
    plan === null || plan.hops.length === 0 ? "" : [plan.from, ...plan.hops.map(({ to }) => to)].join(` ${arrow} `);
  const currentEstimate = estimates.find((entry) => entry.hop.from === hop?.from && entry.hop.to === hop.to);
  const back = pointOfNoReturn;
  const facts: Fact[] = [
    // A refusal for it shows the same text itself.
    ["in progress", report.refusal?.code === "HOP_IN_PROGRESS" ? "" : (hopInProgress?.message ?? "")],
    ["installation", report.identity === null ? "" : describeIdentity(report.identity)],
    ["to confirm", report.confirmsCluster ? confirmation : ""],
    ["route", route],
    ["this hop", hop === null ? "" : `${hop.from} ${arrow} ${hop.to} (${hop.change})`],
    ["takes", currentEstimate === undefined ? "" : describeEstimate(currentEstimate.estimate)],
    ["point of no return", back === null ? "" : `${back.from} ${arrow} ${back.to}: ${back.because}`],
    ["not seen", notice ?? ""],
    ...loosened.map((setting): Fact => ["looser setting", describeLoosened(setting)]),
    ["matrix", plan === null ? "" : `${plan.matrix.id}, sha256 ${plan.matrix.sha256.slice(0, 12)}`],
    ["to approve", approval === null ? "" : `version ${approval.version}, fingerprint ${approval.fingerprint}`],
    ["made by", tool ?? ""],
  ];
  return facts.filter(([, value]) => value !== "");
}

const outcomesBySeverity: PreviewedGate["outcome"][] = [
  "fail",
  "unknown",
  "wait",
  "will-check",
  "pass",
  "not-applicable",
];

/** Lists the gates: those that need a person first, equal ones in the order of the report. */
function toGateLines(gates: readonly PreviewedGate[]): GateLine[] {
  const rank = ({ outcome }: GateLine): number => outcomesBySeverity.indexOf(outcome);
  return gates
    .map(({ gate, subject, when, mandatory, outcome, reasons, why }): GateLine => ({
      name: subject === null ? gate : `${gate} ${subject}`,
      when,
      must: mandatory ? "must pass" : "may warn",
      outcome,
      findings: [
        ...reasons.map(({ code, member, message }) => `${code}${member === null ? "" : ` ${member}`}: ${message}`),
        ...(why === null ? [] : [why]),
      ],
    }))
    .sort((a, b) => rank(a) - rank(b));
}

function toReleaseLine(release: PreviewedRelease, arrow: string): PreviewOutline["releases"][number] {
  const { name, namespace, from, to, sha256, values } = release;
  const moves = from === null ? `to ${to}` : `${from} ${arrow} ${to}`;
  return { name: `${namespace}/${name}`, moves, sha256, values: describeValues(release.role, values) };
}

function listAcceptanceFacts({ used, unused, uncounted, expired }: PreviewReport["acceptances"]): Fact[] {
  const toFacts = (label: string, lines: string[]): Fact[] => lines.map((line) => [label, line]);
  return [
    ...toFacts("used", used),
    ...toFacts("does not count", uncounted),
    ...toFacts("expired", expired),
    ...toFacts("matches nothing", unused),
  ];
}

/** Renders the YAML to add. `by` and `because` stay empty, which the settings refuse: pasting alone is not enough. */
function renderAcknowledgement({ acts, hop }: PreviewReport): string {
  const open = acts.filter(({ acknowledged }) => !acknowledged);
  if (hop === null || open.length === 0) return "";
  const entries = open.map(({ name }) => ({
    act: name,
    hop: `${hop.from}->${hop.to}`,
    by: "",
    because: "",
    ticket: "",
  }));
  return stringify(
    { "palette:acknowledge": entries },
    { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" },
  ).trimEnd();
}
