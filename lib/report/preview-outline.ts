import { stringify } from "yaml";
import { describeEstimate } from "../plan/estimate.js";
import type { Plan, Warning } from "../plan/types.js";
import type { PreviewedGate, PreviewedRelease, PreviewReport } from "../stack/preview-report.js";
import type { Step } from "../stack/step.js";
import type { Fact } from "./outline.js";
import { previewVerdict, type PreviewVerdict } from "./preview-verdict.js";
import { counted } from "../counted.js";

/** One gate as people read it. */
export interface GateLine {
  /** Name, with the subject where it has one. */
  name: string;
  when: "before" | "after";
  must: "must pass" | "may warn";
  outcome: PreviewedGate["outcome"];
  /** Each reason `CODE member: message`, or why it could not be asked. */
  words: string[];
}

/** What both readable renderers of a preview show; they differ in form only. Texts are as they came. */
export interface PreviewOutline {
  /** Stack and step in one line. */
  headline: string;
  verdict: PreviewVerdict;
  facts: Fact[];
  warnings: Warning[];
  refusal: PreviewReport["refusal"];
  gates: GateLine[];
  acts: PreviewReport["acts"];
  /** What to add to the stack's settings once the open acts are done; empty where none is open. */
  acknowledgement: string;
  releases: { name: string; moves: string; sha256: string }[];
  acceptances: Fact[];
  estimates: Fact[];
}

const product = (plan: Plan | null): string => (plan?.matrix.edition === "vertex" ? "Palette VerteX" : "Palette");

/** `arrow` stands between two versions. */
export function previewOutline(report: PreviewReport, arrow = "->"): PreviewOutline {
  return {
    headline: `${report.stack}: ${stepInWords(report, arrow)}`,
    verdict: previewVerdict(report),
    facts: factsOf(report, arrow),
    warnings: report.plan?.warnings ?? [],
    refusal: report.refusal,
    gates: gateLines(report.gates),
    acts: report.acts,
    acknowledgement: acknowledgementOf(report),
    releases: report.releases.map((release) => releaseLine(release, arrow)),
    acceptances: acceptanceFacts(report.acceptances),
    estimates: report.estimates.map(({ hop, estimate }): Fact => [
      `${hop.from} ${arrow} ${hop.to}`,
      describeEstimate(estimate),
    ]),
  };
}

function stepInWords({ step, plan }: PreviewReport, arrow: string): string {
  if (step === null) {
    if (plan === null) return "no step could be decided";
    return `${product(plan)} ${plan.from} ${arrow} ${plan.to}, no step could be decided`;
  }
  switch (step.kind) {
    case "enrol":
      return `enrol ${product(plan)} ${step.destination}, nothing moves`;
    case "settle":
      return `settle ${product(plan)} ${step.destination}, only its checks run`;
    case "hop":
      return hopInWords(step, plan, arrow);
    case "install":
      return `install ${product(plan)} ${step.destination} on a clean cluster${step.resuming ? ", begun before and taken up again" : ""}`;
    case "done":
      return `${product(plan)} ${step.destination} is the target`;
  }
}

function hopInWords(step: Extract<Step, { kind: "hop" }>, plan: Plan | null, arrow: string): string {
  const count = plan?.hops.length ?? 0;
  const further = count > 1 ? `, the first of ${counted(count, "hop")} to ${plan!.to}` : "";
  const again = step.resuming ? ", begun before and taken up again" : "";
  return `${product(plan)} ${step.from} ${arrow} ${step.destination}${again}${further}`;
}

function factsOf({ plan, hop, estimates, pointOfNoReturn, approval, notice }: PreviewReport, arrow: string): Fact[] {
  const road =
    plan === null || plan.hops.length === 0 ? "" : [plan.from, ...plan.hops.map(({ to }) => to)].join(` ${arrow} `);
  const now = estimates.find((entry) => entry.hop.from === hop?.from && entry.hop.to === hop.to);
  const back = pointOfNoReturn;
  const facts: Fact[] = [
    ["road", road],
    ["this hop", hop === null ? "" : `${hop.from} ${arrow} ${hop.to} (${hop.change})`],
    ["takes", now === undefined ? "" : describeEstimate(now.estimate)],
    ["point of no return", back === null ? "" : `${back.from} ${arrow} ${back.to}: ${back.because}`],
    ["not seen", notice ?? ""],
    ["matrix", plan === null ? "" : `${plan.matrix.id}, sha256 ${plan.matrix.sha256.slice(0, 12)}`],
    ["to approve", approval === null ? "" : `version ${approval.version}, fingerprint ${approval.fingerprint}`],
  ];
  return facts.filter(([, value]) => value !== "");
}

const gravest: PreviewedGate["outcome"][] = ["fail", "unknown", "wait", "will-check", "pass", "not-applicable"];

/** What needs a person first, and among equals in the order of the report. */
function gateLines(gates: readonly PreviewedGate[]): GateLine[] {
  const rank = ({ outcome }: GateLine): number => gravest.indexOf(outcome);
  return gates
    .map(({ gate, subject, when, mandatory, outcome, reasons, why }): GateLine => ({
      name: subject === null ? gate : `${gate} ${subject}`,
      when,
      must: mandatory ? "must pass" : "may warn",
      outcome,
      words: [
        ...reasons.map(({ code, member, message }) => `${code}${member === null ? "" : ` ${member}`}: ${message}`),
        ...(why === null ? [] : [why]),
      ],
    }))
    .sort((a, b) => rank(a) - rank(b));
}

function releaseLine(release: PreviewedRelease, arrow: string): PreviewOutline["releases"][number] {
  const { name, namespace, from, to, sha256 } = release;
  return { name: `${namespace}/${name}`, moves: from === null ? `to ${to}` : `${from} ${arrow} ${to}`, sha256 };
}

function acceptanceFacts({ used, unused, uncounted, expired }: PreviewReport["acceptances"]): Fact[] {
  const facts = (label: string, lines: string[]): Fact[] => lines.map((line) => [label, line]);
  return [
    ...facts("used", used),
    ...facts("does not count", uncounted),
    ...facts("expired", expired),
    ...facts("matches nothing", unused),
  ];
}

/** Who and why are left empty, which the settings refuse: nobody acknowledges by pasting alone. */
function acknowledgementOf({ acts, hop }: PreviewReport): string {
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
