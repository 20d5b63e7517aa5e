import { setMaxListeners } from "node:events";
import { toRefusal } from "../../base/errors/refusal.js";
import { listRunnerNames } from "../../gates/consent/runner-names.js";
import { type GateReport } from "../../gates/verdict/types.js";
import { awaitIngressProof, listAfterIngressProof, listCatchUps } from "./after-ingress.js";
import { findBegunHop } from "../step/guard/begun.js";
import { createJudgeContext } from "../step/judge.js";
import { toGateSettings } from "../../settings/gate-settings.js";
import { judgeInProgram } from "../../gates/run/in-process.js";
import { type Proved } from "../step/prove.js";
import { askGates, type GateToPreview, listGatesToPreview, listMovingGates } from "./gates.js";
import { listPreviewedReleases } from "./releases.js";
import { type PreviewedGate, type PreviewReport } from "./report.js";
import { computeApproval, createPreview } from "./assemble.js";
import { listMeasuredHops } from "../step/recorded.js";
import { type Update } from "../step/update.js";

/** Time limit of a preview for all gates that are asked together. */
const previewLimitSeconds = 60;

/**
 * Judges all gates of this update once and read-only, and creates the preview report. A step that is refused already is
 * shown with its refusal; it cannot be approved.
 */
export async function inspectStep(stack: string, update: Update, proved: Proved): Promise<PreviewReport> {
  const report = await inspectGates(stack, update, proved);
  const { refusal } = proved;
  return refusal === null ? report : { ...report, approval: null, refusal: toRefusal(refusal) };
}

async function inspectGates(stack: string, update: Update, proved: Proved): Promise<PreviewReport> {
  const { settings, recorded, matrix, today, clock } = update;
  const { prepared, releases, charts, stage } = proved;
  const listed = listGatesToPreview(settings, prepared, matrix);
  const asked = await askInProgram(update, proved, listed);
  const ingressProvedAt = (await clock.now()).toISOString();
  const latest = await askInProgram(update, proved, listAfterIngressProof(listed, asked.gates), ingressProvedAt);
  const limits = toGateSettings(settings, recorded.clusterUid ?? prepared.clusterUid);
  return createPreview({
    stack,
    settings,
    address: update.address,
    limits,
    prepared,
    ...asked,
    gates: awaitIngressProof(asked.gates, latest.gates, limits.pcg.unchangedSeconds),
    releases: listPreviewedReleases(releases, prepared, charts),
    approval: computeApproval(prepared, { releases, charts }, settings),
    today,
    runners: listRunnerNames(update.environment),
    measured: { stack: listMeasuredHops(recorded.verifiedHops), stage: listMeasuredHops(stage ?? []) },
  });
}

/** Judges the gates before a release that this step moves though it begins or takes up no hop. */
export async function askMovingGates(update: Update, proved: Proved): Promise<PreviewedGate[]> {
  const { settings, matrix, recorded } = update;
  const gates = listMovingGates(settings, proved.prepared, matrix, findBegunHop(proved.prepared.step, recorded));
  return (await askInProgram(update, proved, gates)).gates;
}

/** Judges the gateways' catch-up by the time at which an earlier update proved the ingress; empty where it proved none. */
export async function askCatchUps(update: Update, proved: Proved, ingressProvedAt: string): Promise<PreviewedGate[]> {
  const catchUps = listCatchUps(listGatesToPreview(update.settings, proved.prepared, update.matrix));
  return (await askInProgram(update, proved, catchUps, ingressProvedAt || undefined)).gates;
}

async function askInProgram(
  update: Update,
  { prepared, promoted }: Proved,
  gates: readonly GateToPreview[],
  ingressProvedAt?: string,
): ReturnType<typeof askGates> {
  const signal = AbortSignal.timeout(previewLimitSeconds * 1000);
  // Every request in progress adds a listener.
  setMaxListeners(0, signal);
  const askGate = async (...[gate, signal]: Parameters<Parameters<typeof askGates>[1]>): Promise<GateReport> =>
    judgeInProgram(
      {
        install: prepared.step.kind === "install",
        begun: findBegunHop(prepared.step, update.recorded),
        name: gate.gate,
        when: gate.when,
        to: prepared.step.destination,
        only: gate.subject ?? undefined,
        single: true,
        ingressProvedAt,
        signal,
      },
      { ...createJudgeContext(update, prepared, gate.when), promoted: promoted ?? undefined },
    );
  return askGates(gates, askGate, signal, previewLimitSeconds);
}
