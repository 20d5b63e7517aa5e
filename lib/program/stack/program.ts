import * as pulumi from "@pulumi/pulumi";
import { createLazy } from "../../base/process/lazy.js";
import { attempt, formatRefusal, toRefusal } from "../../base/errors/refusal.js";
import { listOpenActs, refuseOpenActs } from "../../gates/consent/acknowledged.js";
import { requireConfirmedCluster } from "../../gates/consent/cluster.js";
import { checkApproval } from "../../gates/consent/approval.js";
import { listRunnerNames } from "../../gates/consent/runner-names.js";
import { collectVersionDigests } from "../../site/charts/check-charts.js";
import { replaceCatchUps } from "../preview/after-ingress.js";
import { askCatchUps, askMovingGates, inspectStep } from "../preview/ask-gates.js";
import { computeApproval, createEmptyPreview, formatGates, formatPreview } from "../preview/assemble.js";
import { type PreviewReport, writePreviewFile } from "../preview/report.js";
import { type ShownReport, showReport } from "../preview/shown-report.js";
import { createConnectOptions } from "../rehearsal/connect-options.js";
import { isEmbeddedEngine } from "../rehearsal/variables.js";
import { exportStateReleases } from "../step/releases/hand-imported.js";
import { type Prepared, prepareUpdate } from "../step/prepare.js";
import { type Proved, proveStep, type StateReaders } from "../step/prove.js";
import { parseRecorded } from "../step/recorded.js";
import { identifySite, needsClusterConfirmed } from "../step/identify.js";
import { describeIdentity } from "../../site/identity.js";
import { openUpdate, type Update } from "../step/update.js";
import { describeUpdate } from "./announce.js";
import { declareStep } from "./declare.js";
import { logInfo, logWarning } from "./log.js";
import { getFullStackName, readOwnOutputs, readStackOutputs } from "./own-outputs.js";
import { readSettings } from "./read-settings.js";

/**
 * Runs the program: settings, recorded outputs, observe, plan, decide the step, prove charts, preview or consent,
 * declare, outputs. A preview also writes its report, whatever ends it.
 */
export async function runProgram(projectDir: string): Promise<Record<string, unknown>> {
  const unseen = createEmptyPreview(pulumi.getStack());
  const { update, proved } = await keepReport(unseen, () => decideUpdate(projectDir));
  const report = update.isPreview ? await keepReport(unseen, () => showPreview(update, proved)) : unseen;
  // Before anything is declared: what the engine then finds out of gates replaces it.
  const shown = showReport(report, writePreview);
  return keepReport(report, () => declareUpdate(update, proved, shown));
}

/** Decides the step and proves what it needs; nothing is declared yet. */
async function decideUpdate(projectDir: string): Promise<{ update: Update; proved: Proved }> {
  const readers: StateReaders = {
    readStateReleases: async () =>
      isEmbeddedEngine(process.env)
        ? null
        : exportStateReleases({ stack: getFullStackName(), projectDir, environment: process.env }),
    readStackOutputs,
  };
  const settings = await readSettings(projectDir);
  const recorded = parseRecorded(await readOwnOutputs());
  const update = await openUpdate({
    settings,
    recorded,
    projectDir,
    isPreview: pulumi.runtime.isDryRun(),
    environment: process.env,
    connection: createConnectOptions(process.env),
    readImportedReleases: async () => (await readers.readStateReleases()) ?? [],
  });
  const observed = await update.observe();
  const decided = await prepareUpdate(update, observed);
  const proved = await proveStep(update, decided, readers);
  const identity = identifySite({ ...update, stack: pulumi.getStack(), prepared: proved.prepared });
  await logInfo([`On ${describeIdentity(identity)}.`, ...describeUpdate(proved.prepared)].join("\n"));
  return { update, proved };
}

/** Shows the gates now. Where the step is refused already, that refusal is reported, not a failure of showing it. */
async function showPreview(update: Update, proved: Proved): Promise<PreviewReport> {
  const report = await inspectStep(pulumi.getStack(), update, proved).catch((error: unknown) => {
    throw proved.refusal ?? error;
  });
  for (const line of formatPreview(report)) await logInfo(line);
  return report;
}

async function declareUpdate(update: Update, proved: Proved, shown: ShownReport): Promise<Record<string, unknown>> {
  const { prepared, releases, charts, promoted, refusal } = proved;
  if (refusal !== null) throw refusal;
  requireCluster(update, prepared);
  await requireConsent(update, proved);
  const chartDigests = collectVersionDigests(charts, prepared.step.destination);
  const showMovingGates = createLazy(() => addMovingGates(update, proved, shown));
  const showCatchUps = (ingressProvedAt: string): Promise<void> =>
    judgeCatchUps(update, proved, shown, ingressProvedAt);
  return declareStep({ ...update, prepared, releases, chartDigests, promoted, showMovingGates, showCatchUps });
}

/** Only the engine knows whether a release would move where no hop does, and only while it makes the preview. */
async function addMovingGates(update: Update, proved: Proved, shown: ShownReport): Promise<void> {
  const gates = await askMovingGates(update, proved);
  shown.changeGates((before) => [...before, ...gates]);
  await logInfo(formatGates(gates));
}

/** Only the engine knows when an earlier update proved the ingress: the update judges the gateways by that time. */
async function judgeCatchUps(
  update: Update,
  proved: Proved,
  shown: ShownReport,
  ingressProvedAt: string,
): Promise<void> {
  const gates = await askCatchUps(update, proved, ingressProvedAt);
  if (gates.length === 0) return;
  shown.changeGates((before) => replaceCatchUps(before, gates));
  await logInfo(formatGates(gates));
}

/** The first update records the cluster that every later one is compared with. A preview shows what is to confirm. */
function requireCluster(update: Update, prepared: Prepared): void {
  if (update.isPreview || !needsClusterConfirmed(prepared, update.settings)) return;
  const identity = identifySite({ ...update, stack: pulumi.getStack(), prepared });
  requireConfirmedCluster(identity, update.settings.cluster, update.environment);
}

/**
 * Refuses the update while an act is not acknowledged, or where it differs from the approved preview. A preview only
 * warns of open acts, and needs no approval.
 */
async function requireConsent(update: Update, proved: Proved): Promise<void> {
  const { prepared } = proved;
  const { settings, isPreview, environment } = update;
  const acts = await attempt(() => checkActs(update, prepared));
  if (!isPreview) {
    if (!acts.ok) throw acts.refusal;
    const decided = computeApproval(prepared, proved, settings);
    const { required, fourEyes } = settings.approval;
    checkApproval({ decided, environment, required, runners: fourEyes ? listRunnerNames(environment) : null });
  } else if (!acts.ok) {
    await logWarning(`The update will refuse. ${formatRefusal(toRefusal(acts.refusal))}`);
  }
}

/** @throws RefusedError where an act before this hop is not acknowledged, whoever began the hop. */
function checkActs({ settings, today, environment }: Update, { hop }: Prepared): void {
  if (hop === null) return;
  const { acknowledge: acknowledged, approval } = settings;
  const runners = approval.fourEyes ? listRunnerNames(environment) : null;
  const open = listOpenActs(hop, acknowledged, today, runners);
  refuseOpenActs({ hop, open, acknowledged, today, runners });
}

/** Does some work; where it fails, the preview's report is written with the reason. */
async function keepReport<T>(report: PreviewReport, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    writePreview({ ...report, refusal: toRefusal(error) });
    throw error;
  }
}

/** Writes the preview's report; does nothing in an update. */
function writePreview(report: PreviewReport): void {
  if (pulumi.runtime.isDryRun()) writePreviewFile(report, process.env);
}
