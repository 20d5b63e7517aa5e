import { failedGates, refusalsIn } from "./evidence.js";
import { type Engine, type EngineRun, type EngineRunOptions } from "./engine.js";
import { type GateReport } from "../gates/types.js";

/** One stack update as it went. */
export interface Turn {
  number: number;
  preview: EngineRun;
  /** Null when the preview already refused or showed nothing to do. */
  update: EngineRun | null;
}

/** What is to become of an update that a preview has shown. */
export type Decision =
  | { kind: "go"; environment?: Record<string, string> }
  /** No further, for a reason of the one who drives, e.g. a person said no. */
  | { kind: "stop"; because: string };

export type DriveEnd =
  /** At the target, settled, nothing left to do. */
  | { kind: "done" }
  | { kind: "stopped"; because: string }
  | { kind: "refused"; turn: Turn; gates: GateReport[]; refusals: { code: string; message: string }[] }
  | { kind: "interrupted" }
  | { kind: "turns-used-up" };

export interface DriveOptions {
  maxTurns: number;
  signal: AbortSignal;
  /** Called before each engine run; returns what the run is to report to. */
  onRun: (number: number, what: "preview" | "up") => EngineRunOptions["onEvent"];
  /** Asked between a preview that shows work and its update. Default: go. */
  decide?: (number: number, preview: EngineRun) => Promise<Decision>;
  /** For every run, added to the engine's environment. */
  environment?: Record<string, string>;
  onTurn: (turn: Turn) => void | Promise<void>;
}

/**
 * Repeats preview and `up` until nothing remains. Holds no state that matters: every turn plans again from what is
 * observed, so a crash anywhere is resumed by driving again.
 */
export async function drive(engine: Engine, options: DriveOptions): Promise<DriveEnd> {
  for (let number = 1; number <= options.maxTurns; number++) {
    const run = async (what: "preview" | "up", environment: Record<string, string> = {}): Promise<EngineRun> => {
      const onEvent = options.onRun(number, what);
      return engine[what]({
        signal: options.signal,
        environment: { ...options.environment, ...environment },
        ...(onEvent ? { onEvent } : {}),
      });
    };
    const preview = await run("preview");
    if (preview.interrupted || options.signal.aborted) return { kind: "interrupted" };
    const settled = preview.ok && isQuiet(preview);
    const decision = preview.ok && !settled ? await (options.decide ?? goOn)(number, preview) : null;
    if (options.signal.aborted) return { kind: "interrupted" };
    if (decision?.kind === "stop") return { kind: "stopped", because: decision.because };
    const update = decision === null ? null : await run("up", decision.environment);
    const turn = { number, preview, update };
    await options.onTurn(turn);
    if (update?.interrupted || options.signal.aborted) return { kind: "interrupted" };
    if (settled) return { kind: "done" };
    const last = update ?? preview;
    if (!last.ok) return { kind: "refused", turn, gates: failedGates(last), refusals: refusalsIn(last) };
  }
  return { kind: "turns-used-up" };
}

const goOn = (): Promise<Decision> => Promise.resolve({ kind: "go" });

/** True when the run would change, or changed, nothing. */
export function isQuiet(run: EngineRun): boolean {
  return run.steps.every(({ operation }) => operation === "same" || operation === "read");
}
