import { runnerNames } from "../accept/runner-names.js";
import { setMaxListeners } from "node:events";
import { type GateReport, type PromotedHop } from "../gates/types.js";
import { baselinesOf } from "./baselines.js";
import { gateSettingsOf } from "./gate-environment.js";
import { judgeInProgram, type InProgram } from "./judge-in-program.js";
import { askForPreview, gatesToPreview } from "./preview-gates.js";
import { previewOf } from "./preview.js";
import { type PreviewedRelease, type PreviewReport } from "./preview-report.js";
import { measuredBefore, measuredHops, type VerifiedHop } from "./recorded.js";
import { type Prepared } from "./prepare.js";
import { type Update } from "./update.js";

/** A preview waits no longer than this for its gates, all of them together. */
const previewLimitSeconds = 60;

/** What is known beside the gates. */
interface Looked {
  releases: PreviewedRelease[];
  promoted: PromotedHop[] | null;
  /** All that the stage before has verified. */
  stage: readonly VerifiedHop[] | null;
}

/** Looks at all gates of this update once, read-only, and puts together what the preview shows. */
export async function lookAtGates(
  stack: string,
  update: Update,
  prepared: Prepared,
  { releases, promoted, stage }: Looked,
): Promise<PreviewReport> {
  const { settings, recorded, matrix, today } = update;
  const signal = AbortSignal.timeout(previewLimitSeconds * 1000);
  // As many listeners as there are requests under way.
  setMaxListeners(0, signal);
  const ask = async (...[gate, signal]: Parameters<Parameters<typeof askForPreview>[1]>): Promise<GateReport> =>
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
      { ...inProgram(update, prepared, gate.when), promoted },
    );
  const asked = await askForPreview(gatesToPreview(settings, prepared, matrix), ask, signal, previewLimitSeconds);
  const limits = gateSettingsOf(settings, recorded.clusterUid ?? prepared.clusterUid);
  return previewOf({
    stack,
    settings,
    limits,
    prepared,
    ...asked,
    releases,
    today,
    runners: runnerNames(update.environment),
    measured: { stack: measuredHops(recorded.verifiedHops), stage: measuredHops(stage ?? []) },
  });
}

/** What gates are judged with inside the program. Before a hop the installed version's catch-up is what is asked for. */
export function inProgram(update: Update, prepared: Prepared, when: "before" | "after"): InProgram {
  const { settings, recorded, clock, secrets, site } = update;
  const { baseline, installedBaseline, held } = baselinesOf(recorded, prepared.step.destination);
  return {
    site: site(),
    clock,
    settings: gateSettingsOf(settings, prepared.clusterUid),
    secrets,
    baseline: when === "after" ? baseline : installedBaseline,
    held,
    accept: settings,
    measured: measuredBefore(recorded.verifiedHops, prepared.step.destination),
  };
}
