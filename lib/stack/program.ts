import * as pulumi from "@pulumi/pulumi";
import { runnerNames } from "../accept/runner-names.js";
import { digestsOfVersion, rowsOfVersion, type ChartsByVersion } from "../charts/check-charts.js";
import { type ChartSource } from "../charts/types.js";
import { PaletteError, RefusedError } from "../errors.js";
import { openActs, refuseOpenActs } from "./acknowledged.js";
import { announcement } from "./announce.js";
import { checkApproval } from "./approval.js";
import { chartSourceOf, chartsOfRoad, withCharts } from "./chart-road.js";
import { declare } from "./declare.js";
import { declaredReleases } from "./declared-releases.js";
import { refuseDroppedSince, type DroppedQuestion } from "./dropped-releases.js";
import { refuseDropped, releasesInState, type HeldByHand } from "./hand-imported.js";
import { refuseIncompleteValues } from "./install-values.js";
import { lookAtGates } from "./look.js";
import { fullStackName, readOutputsOf, readOwnOutputs } from "./own-outputs.js";
import { type Prepared } from "./prepare.js";
import { writePreviewFile } from "./preview-file.js";
import { previewLines } from "./preview-lines.js";
import { type DeclaredRelease } from "./palette-installation.js";
import { type PreviewedRelease, type PreviewReport } from "./preview-report.js";
import { approvalOf, emptyPreview } from "./preview.js";
import { hopsOfStage, promotedInto } from "./promoted.js";
import { readSettings } from "./read-settings.js";
import { siteFacts } from "./site-facts.js";
import { parseRecorded } from "./recorded.js";
import { openUpdate, prepareUpdate, type Update } from "./update.js";

/** The program as one sentence: settings, observe, plan, declare, outputs. A preview also tells all that it found. */
export async function runProgram(projectDir: string): Promise<Record<string, unknown>> {
  const told = { report: emptyPreview(pulumi.getStack()) };
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
    const source = chartSourceOf(update.settings, projectDir);
    const found = await chartsOfRoad(decided, source);
    const { charts } = found;
    const prepared = withCharts(update, decided, found);
    await pulumi.log.info(announcement(prepared).join("\n"));
    const releases = prepared.step.declareReleases ? await releasesOf(update, prepared, source) : [];
    const { settings, recorded } = update;
    if (prepared.step.declareReleases) await refuseDroppedSince(dropQuestion(update, prepared, releases, inState));
    const { kind, destination } = prepared.step;
    if (kind === "install") await refuseIncompleteValues({ destination, releases, charts, source });
    const stage = await hopsOfStage({ settings, step: prepared.step, readOutputsOf });
    const promoted = promotedInto(settings, recorded, stage, prepared.step);
    if (update.isPreview) {
      const moving = previewed(releases, prepared, charts);
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
    tell({ ...told.report, refusal: refusalOf(error) });
    throw error;
  }
}

/** Only a preview has something to tell. */
function tell(report: PreviewReport): void {
  if (pulumi.runtime.isDryRun()) writePreviewFile(report, process.env);
}

function refusalOf(error: unknown): PreviewReport["refusal"] {
  if (error instanceof PaletteError) return { code: error.code, message: error.message, next: error.next ?? null };
  return { code: "UNEXPECTED", message: error instanceof Error ? error.message : String(error), next: null };
}

async function releasesOf(update: Update, prepared: Prepared, charts: ChartSource): Promise<DeclaredRelease[]> {
  const { settings, site, recorded } = update;
  const { step, facts, installed, observation } = prepared;
  const releases = await declaredReleases({
    settings,
    destination: step.destination,
    facts,
    installed,
    observation,
    helmValues: (namespace, name, revision) => site().kubernetes.helmValues(namespace, name, revision),
    charts,
  });
  // An import reads the cluster, in a preview too: where there is none, what will be adopted is shown as created.
  const canImport = observation !== null || recorded.adopted;
  refuseDropped(prepared.held, releases);
  return releases.map((release) => ({
    ...release,
    exists: release.exists && canImport,
    ...heldAs(prepared.held, release),
  }));
}

function dropQuestion(
  { recorded, settings }: Update,
  { step }: Prepared,
  declared: DroppedQuestion["declared"],
  inState: DroppedQuestion["inState"],
): DroppedQuestion {
  const installed = recorded.releases.map(({ role }) => role);
  // The site as it was recorded: what is missing now must count as shipped, or nothing would be missed.
  const facts = siteFacts(settings, installed);
  const shipped: DroppedQuestion["shipped"] = (version) =>
    rowsOfVersion(version, { facts, installed }).map(({ role }) => role);
  return { recorded, destination: step.destination, declared, shipped, inState };
}

function heldAs(held: readonly HeldByHand[], { namespace, name }: DeclaredRelease): { heldAs?: string } {
  const resource = held.find(({ id }) => id === `${namespace}/${name}`)?.resource;
  return resource === undefined ? {} : { heldAs: resource };
}

/** Releases that move; where nothing moves they are declared all the same, and unchanged. */
function previewed(
  releases: readonly DeclaredRelease[],
  { observation, step }: Prepared,
  charts: ChartsByVersion,
): PreviewedRelease[] {
  if (step.kind !== "hop" && step.kind !== "install") return [];
  return releases.map(({ role, name, namespace, chartVersion }) => ({
    role,
    name,
    namespace,
    from: observation?.releases.find((release) => release.role === role)?.deployed?.chartVersion ?? null,
    to: chartVersion,
    sha256: charts.get(step.destination)![role]!.sha256,
  }));
}

/** An act nobody has acknowledged refuses the update; the preview says that it will. */
async function heedActs({ settings, today }: Update, { hop, step }: Prepared): Promise<void> {
  if (hop === null || (step.kind === "hop" && step.resuming)) return;
  try {
    const { acknowledge: acknowledged, fourEyes } = settings;
    const open = openActs(hop, acknowledged, today, fourEyes ? runnerNames(process.env) : []);
    refuseOpenActs({ hop, open, acknowledged, today });
  } catch (error) {
    if (!pulumi.runtime.isDryRun() || !(error instanceof RefusedError)) throw error;
    await pulumi.log.warn(`The update will refuse. ${error.code}: ${error.message}\n${error.next ?? ""}`);
  }
}

/** What moves on is what somebody approved; a preview is what is going to be approved. */
function heedApproval({ settings, isPreview, environment }: Update, prepared: Prepared): void {
  if (isPreview) return;
  checkApproval({ decided: approvalOf(prepared), environment, required: settings.requireApproval });
}
