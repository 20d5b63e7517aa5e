import * as pulumi from "@pulumi/pulumi";
import { runnerNames } from "../accept/runner-names.js";
import { digestsOfVersion } from "../charts/check-charts.js";
import { RefusedError } from "../errors.js";
import { openActs, refuseOpenActs } from "./acknowledged.js";
import { announcement } from "./announce.js";
import { checkApproval } from "./approval.js";
import { chartSourceOf, chartsOfRoad, withCharts } from "./chart-road.js";
import { declare } from "./declare.js";
import { releasesInState, type HeldByHand } from "./hand-imported.js";
import { lookAtGates } from "./look.js";
import { fullStackName, readOutputsOf, readOwnOutputs } from "./own-outputs.js";
import { type Prepared } from "./prepare.js";
import { writePreviewFile } from "./preview-file.js";
import { previewLines } from "./preview-lines.js";
import { refusalOf, type PreviewReport } from "./preview-report.js";
import { approvalOf, emptyPreview } from "./preview.js";
import { hopsOfStage, promotedInto } from "./promoted.js";
import { readSettings } from "./read-settings.js";
import { previewedReleases, releasesOfStep } from "./releases-of-step.js";
import { parseRecorded } from "./recorded.js";
import { openUpdate, prepareUpdate, type Update } from "./update.js";

/** The program as one sentence: settings, observe, plan, declare, outputs. A preview also tells all that it found. */
export async function runProgram(projectDir: string): Promise<Record<string, unknown>> {
  const told = { report: emptyPreview(pulumi.getStack()) };
  let road: (() => Promise<PreviewReport>) | null = null;
  try {
    const inState = (): Promise<HeldByHand[] | null> =>
      releasesInState({ stack: fullStackName(), projectDir, environment: process.env });
    const update = await openUpdate({
      settings: await readSettings(projectDir),
      recorded: parseRecorded(await readOwnOutputs()),
      projectDir,
      isPreview: pulumi.runtime.isDryRun(),
      environment: process.env,
      handImported: async () => (await inState()) ?? [],
    });
    const decided = await prepareUpdate(update);
    if (update.isPreview) road = () => roadOf(update, decided);
    const source = chartSourceOf(update.settings, projectDir);
    const found = await chartsOfRoad(decided, source);
    const { charts } = found;
    const prepared = withCharts(update, decided, found);
    await pulumi.log.info(announcement(prepared).join("\n"));
    const releases = await releasesOfStep(update, prepared, { source, charts, inState });
    const { settings, recorded } = update;
    const stage = await hopsOfStage({ settings, ...prepared, readOutputsOf });
    const promoted = promotedInto(settings, recorded, stage, prepared.step);
    if (update.isPreview) {
      const moving = previewedReleases(releases, prepared, charts);
      told.report = await lookAtGates(told.report.stack, update, prepared, { releases: moving, promoted, stage });
      for (const line of previewLines(told.report)) await pulumi.log.info(line);
    }
    await heedActs(update, prepared);
    heedApproval(update, prepared);
    const chartDigests = digestsOfVersion(charts, prepared.step.destination);
    const outputs = await declare({ ...update, prepared, releases, chartDigests, promoted });
    tell(told.report);
    return outputs;
  } catch (error) {
    // What kept the road from being told is the refusal itself, not what telling it all the same may meet.
    if (road !== null && told.report.step === null) told.report = await road().catch(() => told.report);
    tell({ ...told.report, refusal: refusalOf(error) });
    throw error;
  }
}

/** What a preview can tell of a step that refuses before its gates are asked, e.g. for a chart that is missing. */
async function roadOf(update: Update, decided: Prepared): Promise<PreviewReport> {
  const report = await lookAtGates(pulumi.getStack(), update, decided, { releases: [], promoted: null, stage: null });
  for (const line of previewLines(report)) await pulumi.log.info(line);
  // Nothing can be approved that would refuse.
  return { ...report, approval: null };
}

/** Only a preview has something to tell. */
function tell(report: PreviewReport): void {
  if (pulumi.runtime.isDryRun()) writePreviewFile(report, process.env);
}

/** An act nobody has acknowledged refuses the update; the preview says that it will. */
async function heedActs({ settings, today }: Update, { hop, step }: Prepared): Promise<void> {
  if (hop === null || (step.kind === "hop" && step.resuming)) return;
  try {
    const { acknowledge: acknowledged, fourEyes } = settings;
    const runners = fourEyes ? runnerNames(process.env) : null;
    const open = openActs(hop, acknowledged, today, runners);
    refuseOpenActs({ hop, open, acknowledged, today, runners });
  } catch (error) {
    if (!pulumi.runtime.isDryRun() || !(error instanceof RefusedError)) throw error;
    await pulumi.log.warn(`The update will refuse. ${error.code}: ${error.message}\n${error.next ?? ""}`);
  }
}

/** What moves on is what somebody approved; a preview is what is going to be approved. */
function heedApproval({ settings, isPreview, environment }: Update, prepared: Prepared): void {
  if (isPreview) return;
  checkApproval({ decided: approvalOf(prepared, settings), environment, required: settings.requireApproval });
}
