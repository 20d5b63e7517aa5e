import { applyAcceptances } from "../consent/apply.js";
import { type GateAcceptances } from "../consent/carried.js";
import { type Clock } from "../../base/time/clock.js";
import { type Site } from "../../site/types.js";
import { type GateSecrets, listSecretTexts } from "../../settings/gate-secrets.js";
import { type GateSettings } from "../../settings/gate-settings.js";
import { type GateRequest } from "./codec.js";
import { type GuardedGate, guardGate, type Needs } from "./guarded.js";
import { isNotNow } from "../verdict/not-now.js";
import { runGate, type RunGateOptions } from "./runner.js";
import { type Gate, type GateInput, type GateReport, type Verdict } from "../verdict/types.js";

export interface GateProcessDeps {
  connect: (settings: GateSettings, secrets: GateSecrets) => Site;
  clock: Clock;
  /** Every name of the person who runs the gate, for the four-eyes rule. */
  runners?: readonly string[];
  /** Default: what data/ says. */
  needs?: Needs;
}

type GateProcessOptions = Pick<RunGateOptions, "signal" | "onProgress" | "single" | "maxWaitSeconds">;

/** Runs one gate against a live site; the edge, and whether it needs the gate, are determined live. */
export async function runGateRequest(
  gate: Gate,
  request: GateRequest,
  { connect, clock, runners = [], needs }: GateProcessDeps,
  options: GateProcessOptions = {},
): Promise<GateReport> {
  const { secrets, acceptances, ...asked } = request;
  const located = guardGate(gate, needs);
  const today = (await clock.now()).toISOString().slice(0, 10);
  const input: GateInput = {
    ...asked,
    ...selectBaseline(request),
    edge: { from: asked.to, to: asked.to, change: "none" },
    resuming: false,
    site: connect(asked.settings, secrets),
    clock,
  };
  const accept = createAcceptor(located, acceptances, { today, runners });
  const report = await runGate(located, input, { ...options, secrets: listSecretTexts(secrets), accept });
  return { ...report, from: located.getEdge()?.from ?? report.from };
}

/**
 * Selects what the gateways are compared with: the readiness record, unless it was taken when the destination was
 * installed already, over what was recorded.
 */
export function selectBaseline({
  to,
  baseline,
  readiness,
}: GateRequest): Pick<GateInput, "baseline" | "profileBaseline"> {
  if (readiness === undefined || readiness.live === to) return { baseline: baseline ?? {} };
  return { baseline: { ...baseline, ...readiness.agents }, profileBaseline: readiness.profiles };
}

/** Creates the runner's function that applies what people have accepted for the hop that was read live. */
function createAcceptor(
  located: GuardedGate,
  acceptances: GateAcceptances | undefined,
  who: { today: string; runners: readonly string[] },
): <V extends Verdict>(verdict: V) => V {
  return (verdict) =>
    applyAcceptances(verdict, acceptances?.entries ?? [], {
      ...who,
      hop: located.getEdge(),
      fourEyes: acceptances?.fourEyes ?? false,
      resuming: located.isResuming(),
    });
}

/** Returns the exit code: 0 for a pass, 5 where only time or other people are waited for, else 3 (design 8). */
export function toExitCode(report: GateReport): 0 | 3 | 5 {
  if (report.outcome === "pass") return 0;
  return isNotNow(report) ? 5 : 3;
}
