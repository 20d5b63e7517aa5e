import { listRunnerNames } from "../accept/runner-names.js";
import { setMaxListeners } from "node:events";
import { type GateReport, type PromotedHop } from "../gates/types.js";
import { selectBaselines } from "./baselines.js";
import { toGateSettings } from "./gate-environment.js";
import { judgeInProgram, type JudgeContext } from "./judge-in-program.js";
import { askGates, listGatesToPreview } from "./preview-gates.js";
import { createPreview } from "./preview.js";
import { type PreviewedRelease, type PreviewReport } from "./preview-report.js";
import { listMeasuredHopsBefore, listMeasuredHops, type VerifiedHop } from "./recorded.js";
import { type Prepared } from "./prepare.js";
import { type Update } from "./update.js";

/** Time limit of a preview for all gates together. */
const previewLimitSeconds = 60;

/** What the preview shows beside the gates. */
interface GateInspectionInput {
  releases: PreviewedRelease[];
  promoted: PromotedHop[] | null;
  /** All hops that the previous stage has verified. */
  stage: readonly VerifiedHop[] | null;
}

/** Judges all gates of this update once and read-only, and creates the preview report. */
export async function inspectGates(
  stack: string,
  update: Update,
  prepared: Prepared,
  { releases, promoted, stage }: GateInspectionInput,
): Promise<PreviewReport> {
  const { settings, recorded, matrix, today } = update;
  const signal = AbortSignal.timeout(previewLimitSeconds * 1000);
  // Every request in progress adds a listener.
  setMaxListeners(0, signal);
  const askGate = async (...[gate, signal]: Parameters<Parameters<typeof askGates>[1]>): Promise<GateReport> =>
    judgeInProgram(
      {
        install: prepared.step.kind === "install",
        name: gate.gate,
        when: gate.when,
        to: prepared.step.destination,
        only: gate.subject,
        single: true,
        signal,
      },
      { ...createJudgeContext(update, prepared, gate.when), promoted },
    );
  const asked = await askGates(listGatesToPreview(settings, prepared, matrix), askGate, signal, previewLimitSeconds);
  const limits = toGateSettings(settings, recorded.clusterUid ?? prepared.clusterUid);
  return createPreview({
    stack,
    settings,
    limits,
    prepared,
    ...asked,
    releases,
    today,
    runners: listRunnerNames(update.environment),
    measured: { stack: listMeasuredHops(recorded.verifiedHops), stage: listMeasuredHops(stage ?? []) },
  });
}

/** Creates the context of gates. Before a hop, the baseline is that of the installed version's catch-up. */
export function createJudgeContext(update: Update, prepared: Prepared, when: "before" | "after"): JudgeContext {
  const { settings, recorded, clock, secrets, site } = update;
  const { baseline, installedBaseline, settledRevisions } = selectBaselines(recorded, prepared.step.destination);
  return {
    site: site(),
    clock,
    settings: toGateSettings(settings, prepared.clusterUid),
    secrets,
    baseline: when === "after" ? baseline : installedBaseline,
    settledRevisions,
    accept: settings,
    measured: listMeasuredHopsBefore(recorded.verifiedHops, prepared.step.destination),
  };
}
