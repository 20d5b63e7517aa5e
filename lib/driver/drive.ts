import { listFailedGates, parseRefusals } from "./evidence.js";
import { type Engine, type EngineRun, type EngineRunOptions } from "../engine/engine.js";
import { type GateReport } from "../gates/verdict/types.js";

/** One preview with its update. */
export interface Turn {
  number: number;
  preview: EngineRun;
  /** Null when the preview already refused or showed nothing to do. */
  update: EngineRun | null;
}

/** Whether the previewed update is made. */
export type Decision =
  | { kind: "go"; environment?: Record<string, string> }
  /** Stop here, e.g. because a person declined. */
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
  /** Called before each engine run; returns the listener for its events. */
  onRun: (number: number, what: "preview" | "up") => EngineRunOptions["onEvent"];
  /** Called between a preview that shows changes and its update. Default: go. */
  decide?: (number: number, preview: EngineRun) => Promise<Decision>;
  /** Whether nothing is left to settle where a preview shows no change: the last checks may have ended a run. Default: yes. */
  isSettled?: () => Promise<boolean>;
  /** For every run, added to the engine's environment. */
  environment?: Record<string, string>;
  onTurn: (turn: Turn) => void | Promise<void>;
}

/**
 * Repeats preview and `up` until nothing remains. It keeps no state: every turn plans again from what is observed, so
 * after a crash it is simply run again.
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
    const settled = preview.ok && isQuiet(preview) && (await (options.isSettled ?? assumeSettled)());
    const decision = preview.ok && !settled ? await (options.decide ?? continueDriving)(number, preview) : null;
    if (options.signal.aborted) return { kind: "interrupted" };
    if (decision?.kind === "stop") return { kind: "stopped", because: decision.because };
    const update = decision === null ? null : await run("up", decision.environment);
    const turn = { number, preview, update };
    await options.onTurn(turn);
    if (update?.interrupted || options.signal.aborted) return { kind: "interrupted" };
    if (settled) return { kind: "done" };
    const last = update ?? preview;
    if (!last.ok) return { kind: "refused", turn, gates: listFailedGates(last), refusals: parseRefusals(last) };
  }
  return { kind: "turns-used-up" };
}

const continueDriving = (): Promise<Decision> => Promise.resolve({ kind: "go" });

const assumeSettled = (): Promise<boolean> => Promise.resolve(true);

/** Whether the run changed, or would change, nothing. */
export function isQuiet(run: EngineRun): boolean {
  return run.steps.every(({ operation }) => operation === "same" || operation === "read");
}
