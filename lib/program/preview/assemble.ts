import { describeSurvey, surveyAcceptances } from "../../gates/consent/survey.js";
import { type GateReport } from "../../gates/verdict/types.js";
import { describeEstimate, estimateHop, type MeasuredHops } from "../../planning/plan/estimate.js";
import { findPointOfNoReturn } from "../../planning/plan/warnings/no-return.js";
import { listExpectedReleases } from "../../planning/rules/rules.js";
import { type Hop } from "../../planning/plan/types.js";
import { type Version } from "../../planning/version/version.js";
import { describeUncounted, findProvingGate, listOpenActs } from "../../gates/consent/acknowledged.js";
import { computeApprovalFingerprint } from "../../gates/consent/approval.js";
import { type ChartsByVersion } from "../../site/charts/check-charts.js";
import { type DeclaredRelease } from "../step/releases/declared-release.js";
import { type GateSettings } from "../../settings/gate-settings.js";
import { hopInProgressGate, reportHopInProgress } from "../step/hop-in-progress.js";
import { type Prepared } from "../step/prepare.js";
import { listMovingReleases } from "./releases.js";
import { type PreviewedGate, type PreviewedRelease, type PreviewReport } from "./report.js";
import { describeLoosened, listLoosened } from "../../settings/loosened.js";
import { identifySite, needsClusterConfirmed } from "../step/identify.js";
import { type ClusterAddress } from "../../site/identity.js";
import { type Settings } from "../../settings/schema.js";

/** Creates a preview report without any content yet. */
export function createEmptyPreview(stack: string): PreviewReport {
  return {
    schemaVersion: 1,
    stack,
    identity: null,
    confirmsCluster: false,
    step: null,
    plan: null,
    hop: null,
    hopInProgress: null,
    gates: [],
    releases: [],
    acts: [],
    acceptances: { used: [], unused: [], uncounted: [], expired: [] },
    clusterRead: false,
    loosened: [],
    estimates: [],
    pointOfNoReturn: null,
    approval: null,
    refusal: null,
    notice: null,
  };
}

interface PreviewParts {
  stack: string;
  settings: Settings;
  /** Where the kubeconfig leads. */
  address: ClusterAddress;
  /** Their time limits bound the estimates. */
  limits: GateSettings;
  prepared: Prepared;
  gates: PreviewedGate[];
  /** Reports of the gates that were judged. */
  reports: readonly GateReport[];
  releases: PreviewedRelease[];
  approval: PreviewReport["approval"];
  today: string;
  /** Every name of whoever runs the update, for `palette:approval.fourEyes`. */
  runners?: readonly string[];
  /** Durations of earlier hops. */
  measured?: MeasuredHops;
}

/** Creates the report of everything that one preview found. Pure. */
export function createPreview(parts: PreviewParts): PreviewReport {
  const { prepared, settings } = parts;
  const { step, hop, plan } = prepared;
  const hops = plan?.hops ?? [];
  return {
    ...createEmptyPreview(parts.stack),
    identity: identifySite(parts),
    confirmsCluster: needsClusterConfirmed(prepared, settings),
    step,
    plan,
    hop,
    hopInProgress: reportHopInProgress(prepared.hopInProgress),
    gates: parts.gates,
    releases: parts.releases,
    acts: hop === null ? [] : listPreviewedActs(hop, parts),
    acceptances: describeAcceptances(parts),
    clusterRead: prepared.observation !== null,
    loosened: listLoosened(settings),
    estimates: hops.map((ahead) => ({
      hop: { from: ahead.from, to: ahead.to },
      estimate: estimateHop({
        hop: ahead,
        releases: countReleases(ahead.to, prepared),
        limits: parts.limits,
        measured: parts.measured,
      }),
    })),
    pointOfNoReturn: findPointOfNoReturn(hops),
    approval: parts.approval,
    notice: prepared.notice,
  };
}

function describeAcceptances({
  settings,
  prepared,
  reports,
  today,
  runners = [],
}: PreviewParts): PreviewReport["acceptances"] {
  const { accept, approval } = settings;
  const { plan, hop } = prepared;
  const context = {
    route: plan?.hops ?? [],
    hop,
    today,
    runners,
    fourEyes: approval.fourEyes,
    resuming: isResuming(prepared),
  };
  return describeSurvey(surveyAcceptances(accept, [...reports, ...toSurveyedReports(prepared)], context));
}

/** What people have accepted, or tried to, of the hop in progress, as a report of the gate that they name. */
function toSurveyedReports({ hopInProgress }: Prepared): Parameters<typeof surveyAcceptances>[1][number][] {
  if (hopInProgress === null || (hopInProgress.accepted === null && hopInProgress.refusal === null)) return [];
  const { from, to, accepted, message } = hopInProgress;
  const reasons = [{ code: "HOP_IN_PROGRESS", member: null, message }];
  const report = { gate: hopInProgressGate, from, to, reasons };
  return [accepted === null ? { ...report, outcome: "fail" } : { ...report, outcome: "pass", accepted: [accepted] }];
}

/**
 * Computes what an approval of this update is bound to; null where no release moves, and in a preview without the
 * cluster, which does not see what would move.
 */
export function computeApproval(
  prepared: Pick<Prepared, "step" | "plan" | "observation">,
  declared: { releases: readonly DeclaredRelease[]; charts: ChartsByVersion },
  { accept }: Pick<Settings, "accept">,
): PreviewReport["approval"] {
  const { step, plan, observation } = prepared;
  const moving = listMovingReleases(declared.releases, prepared);
  if (moving.length === 0 || plan === null || observation === null) return null;
  const { kind, destination: to } = step;
  const from = "from" in step ? step.from : to;
  const releases = moving.map(({ role, name, namespace, chartVersion, values }) => {
    const { sha256 } = declared.charts.get(to)![role]!;
    return { role, name, namespace, chartVersion, sha256, values };
  });
  return { version: to, fingerprint: computeApprovalFingerprint({ kind, from, to, plan, releases, accept }) };
}

/** Whether this is a hop in progress. */
function isResuming({ step }: Prepared): boolean {
  return step.kind === "hop" && step.resuming;
}

function listPreviewedActs(hop: Hop, { settings, today, runners = [] }: PreviewParts): PreviewReport["acts"] {
  const excludedRunners = settings.approval.fourEyes ? runners : null;
  const open = listOpenActs(hop, settings.acknowledge, today, excludedRunners);
  return hop.acts
    .filter(({ when }) => when === "before")
    .map((act) => {
      const gate = findProvingGate(act, hop);
      const uncountedRemark = describeUncounted(act, {
        hop,
        open,
        acknowledged: settings.acknowledge,
        today,
        runners: excludedRunners,
      });
      const remarks = [
        ...(gate === null ? [] : [`(Gate ${gate} proves it; nobody has to acknowledge it.)`]),
        ...(uncountedRemark === null ? [] : [`(${uncountedRemark})`]),
      ];
      return {
        name: act.name,
        text: [act.text, ...remarks].join(" "),
        irreversible: act.irreversible,
        acknowledged: !open.some(({ name }) => name === act.name),
      };
    });
}

function countReleases(version: Version, { facts, installed }: Prepared): number {
  return listExpectedReleases(version, facts).filter(
    (row) => row.applies === "yes" || installed.some(({ role }) => role === row.role),
  ).length;
}

/** Formats what a plain `pulumi preview` shows beside the step and the route. */
export function formatPreview(report: PreviewReport): string[] {
  const { gates, releases, acts, acceptances, loosened, estimates, pointOfNoReturn, approval } = report;
  const formatList = (title: string, lines: string[]): string[] =>
    lines.length === 0 ? [] : [[`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n")];
  return [
    ...(gates.length === 0 ? [] : [formatGates(gates)]),
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
    ...formatList("Settings that prove less than their defaults", loosened.map(describeLoosened)),
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

/** Formats the verdicts of a preview's gates. */
export function formatGates(gates: readonly PreviewedGate[]): string {
  return ["Gates, looked at once and read-only:", ...gates.map((gate) => `  ${formatGate(gate)}`)].join("\n");
}

function formatGate({ gate, subject, when, mandatory, outcome, reasons, why }: PreviewedGate): string {
  const name = `${gate}${subject === null ? "" : ` ${subject}`} (${when}${mandatory ? "" : ", warns only"})`;
  if (outcome === "will-check") return `${name}: will check: ${why ?? ""}`;
  if (outcome === "not-applicable") return `${name}: not applicable: ${reasons[0]?.message ?? ""}`;
  const shownReasons = reasons.filter(({ code }) => outcome !== "pass" || code !== "NOTE");
  const findings = [...shownReasons.map(({ code, message }) => `${code}: ${message}`), ...(why === null ? [] : [why])];
  return [`${name}: ${outcome}`, ...findings.map((line) => `    ${line}`)].join("\n  ");
}
