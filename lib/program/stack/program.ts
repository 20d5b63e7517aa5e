import * as pulumi from "@pulumi/pulumi";
import { listRunnerNames } from "../../gates/consent/runner-names.js";
import { toRefusal } from "../../base/errors/refusal.js";
import { collectVersionDigests } from "../../site/charts/check-charts.js";
import { RefusedError } from "../../base/errors/errors.js";
import { listPreviewedReleases } from "../preview/releases.js";
import { listOpenActs, refuseOpenActs } from "../../gates/consent/acknowledged.js";
import { describeUpdate } from "./announce.js";
import { checkApproval } from "../../gates/consent/approval.js";
import { addChartDigests, checkRouteCharts, openStackChartSource } from "../step/charts-of-route.js";
import { declareStep } from "./declare.js";
import { exportStateReleases, type ImportedRelease } from "../step/hand-imported.js";
import { inspectGates } from "../preview/ask-gates.js";
import { getFullStackName, readOwnOutputs, readStackOutputs } from "./own-outputs.js";
import { type Prepared } from "../step/prepare.js";
import { type PreviewReport, writePreviewFile } from "../preview/report.js";
import { createEmptyPreview, formatPreview, getApproval } from "../preview/assemble.js";
import { readStageHops, selectPromotedHops } from "../step/promoted.js";
import { readSettings } from "./read-settings.js";
import { parseRecorded } from "../step/recorded.js";
import { resolveStepReleases } from "../step/releases-of-step.js";
import { openUpdate, prepareUpdate, type Update } from "../step/update.js";

/** Runs the program: settings, observe, plan, declare, outputs. A preview also writes its report. */
export async function runProgram(projectDir: string): Promise<Record<string, unknown>> {
  const preview = { report: createEmptyPreview(pulumi.getStack()) };
  let previewRoute: (() => Promise<PreviewReport>) | null = null;
  try {
    const readStateReleases = (): Promise<ImportedRelease[] | null> =>
      exportStateReleases({ stack: getFullStackName(), projectDir, environment: process.env });
    const update = await openUpdate({
      settings: await readSettings(projectDir),
      recorded: parseRecorded(await readOwnOutputs()),
      projectDir,
      isPreview: pulumi.runtime.isDryRun(),
      environment: process.env,
      readImportedReleases: async () => (await readStateReleases()) ?? [],
    });
    const decided = await prepareUpdate(update);
    if (update.isPreview) previewRoute = () => inspectRoute(update, decided);
    const source = openStackChartSource(update.settings, projectDir);
    const found = await checkRouteCharts(decided, source);
    const { charts } = found;
    const prepared = addChartDigests(update, decided, found);
    await pulumi.log.info(describeUpdate(prepared).join("\n"));
    const releases = await resolveStepReleases(update, prepared, { source, charts, readStateReleases });
    const { settings, recorded } = update;
    const stage = await readStageHops({ settings, ...prepared, readStackOutputs });
    const promoted = selectPromotedHops(settings, recorded, stage, prepared.step);
    if (update.isPreview) {
      const moving = listPreviewedReleases(releases, prepared, charts);
      preview.report = await inspectGates(preview.report.stack, update, prepared, {
        releases: moving,
        promoted,
        stage,
      });
      for (const line of formatPreview(preview.report)) await pulumi.log.info(line);
    }
    await enforceActs(update, prepared);
    enforceApproval(update, prepared);
    const chartDigests = collectVersionDigests(charts, prepared.step.destination);
    const outputs = await declareStep({ ...update, prepared, releases, chartDigests, promoted });
    writePreview(preview.report);
    return outputs;
  } catch (error) {
    // The error to report is the refusal, not a failure of showing the route after it.
    if (previewRoute !== null && preview.report.step === null)
      preview.report = await previewRoute().catch(() => preview.report);
    writePreview({ ...preview.report, refusal: toRefusal(error) });
    throw error;
  }
}

/** Previews a step that refuses before its gates are judged, e.g. for a missing chart. */
async function inspectRoute(update: Update, decided: Prepared): Promise<PreviewReport> {
  const report = await inspectGates(pulumi.getStack(), update, decided, { releases: [], promoted: null, stage: null });
  for (const line of formatPreview(report)) await pulumi.log.info(line);
  // An update that would refuse cannot be approved.
  return { ...report, approval: null };
}

/** Writes the preview's report; does nothing in an update. */
function writePreview(report: PreviewReport): void {
  if (pulumi.runtime.isDryRun()) writePreviewFile(report, process.env);
}

/** Refuses the update while an act is not acknowledged; a preview only warns. */
async function enforceActs({ settings, today }: Update, { hop, step }: Prepared): Promise<void> {
  if (hop === null || (step.kind === "hop" && step.resuming)) return;
  try {
    const { acknowledge: acknowledged, fourEyes } = settings;
    const runners = fourEyes ? listRunnerNames(process.env) : null;
    const open = listOpenActs(hop, acknowledged, today, runners);
    refuseOpenActs({ hop, open, acknowledged, today, runners });
  } catch (error) {
    if (!pulumi.runtime.isDryRun() || !(error instanceof RefusedError)) throw error;
    await pulumi.log.warn(`The update will refuse. ${error.code}: ${error.message}\n${error.next ?? ""}`);
  }
}

/** Refuses an update that differs from the approved preview; a preview itself needs no approval. */
function enforceApproval({ settings, isPreview, environment }: Update, prepared: Prepared): void {
  if (isPreview) return;
  checkApproval({ decided: getApproval(prepared, settings), environment, required: settings.requireApproval });
}
