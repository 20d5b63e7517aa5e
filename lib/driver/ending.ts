import { type Failure, type Refusal, toFailure } from "../base/errors/refusal.js";
import { isNotNowCode } from "../gates/verdict/not-now.js";
import { type GateReport } from "../gates/verdict/types.js";
import { judgeStep } from "../program/step/step-verdict.js";
import { explainTrouble } from "../engine/engine-faults.js";
import { type EngineRun } from "../engine/engine.js";
import { listFailedGates, parseRefusals, parseReports } from "./evidence.js";
import { retryAdvice } from "./release-records.js";
import { exitCodes, type UpOutcome } from "./up-result.js";

export interface Ending {
  outcome: UpOutcome;
  exitCode: number;
  refusals: Refusal[];
  gates: GateReport[];
}

/**
 * Finds why an engine run failed: the gates that stopped it, what the program threw, what the command line printed, or
 * else a failure of a release or of the engine itself. Pure.
 */
export function toRunEnding(run: EngineRun, failure: Failure | null): Ending {
  const judged = failure === null ? [] : parseReports(failure.message).filter(({ outcome }) => outcome !== "pass");
  if (failure !== null && judged.length === 0) return toFailureEnding(failure);
  const gates = judged.length > 0 ? judged : listFailedGates(run);
  const { end } = judgeStep({ answers: gates, openActs: [] });
  if (end !== "goes-on") return createEnding(end === "refused" ? "refused" : "not-now", [], gates);
  const errors = run.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  const trouble = explainTrouble(errors.join("\n"));
  if (trouble !== null) return toFailureEnding(toFailure(trouble));
  const refusals = parseRefusals(run).map(({ code, message }) => ({ code, message, next: null }));
  if (refusals.length > 0)
    return createEnding(refusals.every(({ code }) => isNotNowCode(code)) ? "not-now" : "refused", refusals);
  return createEnding("failed", [
    {
      code: "UPDATE_FAILED",
      message: errors.length === 0 ? "The engine failed and did not say why." : errors.join("\n"),
      next: retryAdvice,
    },
  ]);
}

/** Creates the ending of a run that failed as a whole. */
export function toFailureEnding({ exitCode, ...refusal }: Failure): Ending {
  const outcome = exitCode === 5 ? "not-now" : exitCode === 1 ? "failed" : "refused";
  return { outcome, exitCode, refusals: [refusal], gates: [] };
}

function createEnding(outcome: UpOutcome, refusals: Refusal[], gates: GateReport[] = []): Ending {
  return { outcome, exitCode: exitCodes[outcome], refusals, gates };
}
