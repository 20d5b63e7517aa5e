import { describeSurvey, surveyAcceptances } from "../accept/survey.js";
import { type GateReport } from "../gates/types.js";
import { estimateHop, type MeasuredHops } from "../plan/estimate.js";
import { pointOfNoReturn } from "../plan/no-return.js";
import { releasesOf } from "../plan/rules.js";
import { type Hop } from "../plan/types.js";
import { type Version } from "../version/version.js";
import { openActs, uncountedWord, provingGate } from "./acknowledged.js";
import { approvalFingerprint } from "./approval.js";
import { type GateSettings } from "./gate-settings.js";
import { type Prepared } from "./prepare.js";
import { type PreviewedGate, type PreviewedRelease, type PreviewReport } from "./preview-report.js";
import { type Settings } from "./settings-schema.js";

/** A preview that has not got anywhere yet. */
export function emptyPreview(stack: string): PreviewReport {
  return {
    schemaVersion: 1,
    stack,
    step: null,
    plan: null,
    hop: null,
    gates: [],
    releases: [],
    acts: [],
    acceptances: { used: [], unused: [], uncounted: [], expired: [] },
    estimates: [],
    pointOfNoReturn: null,
    approval: null,
    refusal: null,
    notice: null,
  };
}

export interface PreviewParts {
  stack: string;
  settings: Settings;
  /** Their time limits bound the estimates. */
  limits: GateSettings;
  prepared: Prepared;
  gates: PreviewedGate[];
  /** What the gates that were asked have told. */
  reports: readonly GateReport[];
  releases: PreviewedRelease[];
  today: string;
  /** Every name of the one who runs, for four eyes. */
  runners?: readonly string[];
  /** Hops that were taken, and how long they took. */
  measured?: MeasuredHops;
}

/** All that one preview found, as one object. Pure. */
export function previewOf(parts: PreviewParts): PreviewReport {
  const { prepared, settings } = parts;
  const { step, hop, plan } = prepared;
  const road = plan?.hops ?? [];
  return {
    ...emptyPreview(parts.stack),
    step,
    plan,
    hop,
    gates: parts.gates,
    releases: parts.releases,
    acts: hop === null || resumes(prepared) ? [] : actsOf(hop, parts),
    acceptances: acceptancesOf(parts),
    estimates: road.map((ahead) => ({
      hop: { from: ahead.from, to: ahead.to },
      estimate: estimateHop({
        hop: ahead,
        releases: releaseCount(ahead.to, prepared),
        limits: parts.limits,
        ...(parts.measured === undefined ? {} : { measured: parts.measured }),
      }),
    })),
    pointOfNoReturn: pointOfNoReturn(road),
    approval: approvalOf(prepared, settings),
    notice: prepared.notice,
  };
}

function acceptancesOf({
  settings,
  prepared,
  reports,
  today,
  runners = [],
}: PreviewParts): PreviewReport["acceptances"] {
  const { accept, fourEyes } = settings;
  const { plan, hop } = prepared;
  const around = { road: plan?.hops ?? [], hop, today, runners, fourEyes, resuming: resumes(prepared) };
  return describeSurvey(surveyAcceptances(accept, reports, around));
}

/** What an approval of this update is bound to; null where no release moves on. */
export function approvalOf(
  { step, plan }: Pick<Prepared, "step" | "plan">,
  settings: Pick<Settings, "accept" | "values">,
): PreviewReport["approval"] {
  const moves = step.kind === "hop" || step.kind === "install";
  if (!moves || plan === null) return null;
  return { version: step.destination, fingerprint: approvalFingerprint(plan, settings) };
}

/** Acts came before a hop that was begun already. */
function resumes({ step }: Prepared): boolean {
  return step.kind === "hop" && step.resuming;
}

function actsOf(hop: Hop, { settings, today, runners = [] }: PreviewParts): PreviewReport["acts"] {
  const four = settings.fourEyes ? runners : null;
  const open = openActs(hop, settings.acknowledge, today, four);
  return hop.acts
    .filter(({ when }) => when === "before")
    .map((act) => {
      const gate = provingGate(act, hop);
      const word = uncountedWord(act, { hop, open, acknowledged: settings.acknowledge, today, runners: four });
      const remarks = [
        ...(gate === null ? [] : [`(Gate ${gate} proves it; nobody has to acknowledge it.)`]),
        ...(word === null ? [] : [`(${word})`]),
      ];
      return {
        name: act.name,
        text: [act.text, ...remarks].join(" "),
        irreversible: act.irreversible,
        acknowledged: !open.some(({ name }) => name === act.name),
      };
    });
}

function releaseCount(version: Version, { facts, installed }: Prepared): number {
  return releasesOf(version, facts).filter(
    (row) => row.applies === "yes" || installed.some(({ role }) => role === row.role),
  ).length;
}
