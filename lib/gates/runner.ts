import { messageOf, PaletteError } from "../errors.js";
import { redactObserved, redactReasons } from "./redact.js";
import { timingOf } from "./timing.js";
import type { Gate, GateInput, GateReport, GateTiming, Outcome, Reason, Verdict } from "./types.js";

/** What a run tells while it waits: what is still missing, since when, until when at the latest. */
export interface GateProgress {
  gate: Gate["name"];
  /** Samples taken. */
  sample: number;
  outcome: Outcome;
  /** Consecutive passes so far, of `samplesNeeded`. */
  streak: number;
  samplesNeeded: number;
  /** Each reason with the time it was first seen in an unbroken row, ISO 8601. */
  reasons: (Reason & { since: string })[];
  now: string;
  /** ISO 8601: when a `wait` becomes a failure. */
  until: string;
}

export interface RunGateOptions {
  /** Called after each sample that does not end the run. Text is redacted. */
  onProgress?: (progress: GateProgress) => void;
  signal?: AbortSignal;
  /** One sample decides: a hook that re-checks what a full pass has proved. A `wait` is a failure NOT_YET. */
  single?: boolean;
  /** Texts that must not leave, e.g. API keys. */
  secrets?: readonly string[];
  /** A sample that takes longer, in real seconds, is given up and counts as a passing fault. */
  sampleLimitSeconds?: number;
}

const defaultSampleLimitSeconds = 300;
/** A look is never followed by the next at once. */
const minPauseSeconds = 0.1;

interface State {
  samples: number;
  streak: number;
  stableKey: string | null;
  /** First sight of each reason that has been there ever since, by code and member. */
  since: Map<string, string>;
}

/**
 * Samples a gate until it has passed `samples` times in a row (once where it does not apply), has failed, could not be judged, or its deadline is over.
 * Pure of processes; never a pass without the consecutive passes.
 *
 * @throws PaletteError `INTERRUPTED` (exit 130) at once when `signal` is aborted.
 */
export async function runGate(gate: Gate, input: GateInput, options: RunGateOptions = {}): Promise<GateReport> {
  const timing = timingOf(gate, input.settings);
  const startedAt = await input.clock.now();
  const until = new Date(startedAt.getTime() + timing.deadlineSeconds * 1000);
  const state: State = { samples: 0, streak: 0, stableKey: null, since: new Map() };
  for (;;) {
    const verdict = await takeSample(gate, input, options);
    const now = await input.clock.now();
    count(state, gate, verdict, now);
    const secondsLeft = (until.getTime() - now.getTime()) / 1000;
    const overdue = secondsLeft <= 0;
    const end = options.single === true ? endOfSingle(verdict) : endOf(verdict, state, timing, overdue, until);
    if (end !== null) return reportOf(end, { gate, input, state, startedAt, now, secrets: options.secrets ?? [] });
    options.onProgress?.(progressOf(gate, verdict, state, timing, now, until, options.secrets ?? []));
    // The last look is at the deadline itself.
    const pause = Math.min(timing.intervalSeconds, Math.max(secondsLeft, minPauseSeconds));
    await interruptible(input.clock.sleep(pause, options.signal), options.signal);
  }
}

/** A progress line names the first few of what is missing; the report at the end names all. */
const shownReasons = 2;

/** One line for a person. */
export function formatProgress(progress: GateProgress): string {
  const { gate, reasons, streak, samplesNeeded, until } = progress;
  if (progress.outcome === "pass") {
    return `${gate}: good, ${streak} of ${samplesNeeded} looks in a row (until ${clockTime(until)})`;
  }
  const missing = reasons
    .filter(({ code }) => code !== "NOTE")
    .map((reason) => `${reason.message} (since ${clockTime(reason.since)})`);
  const more = missing.length > shownReasons ? ` · and ${missing.length - shownReasons} more` : "";
  return `${gate}: waiting until ${clockTime(until)} at the latest: ${missing.slice(0, shownReasons).join(" · ")}${more}`;
}

function clockTime(iso: string): string {
  return `${iso.slice(11, 19)}Z`;
}

async function takeSample(gate: Gate, input: GateInput, options: RunGateOptions): Promise<Verdict> {
  const limitSeconds = options.sampleLimitSeconds ?? defaultSampleLimitSeconds;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitSeconds * 1000);
  const signal = options.signal === undefined ? limit.signal : AbortSignal.any([limit.signal, options.signal]);
  try {
    options.signal?.throwIfAborted();
    return await interruptible(gate.sample(input, signal), signal);
  } catch (thrown) {
    if (options.signal?.aborted === true) throw interrupted();
    if (limit.signal.aborted) return tooSlow(gate, limitSeconds);
    return { gate: gate.name, outcome: "unknown", reasons: [bug(thrown)], observed: null };
  } finally {
    clearTimeout(timer);
  }
}

/** Ends with the signal even where the work does not heed it. */
async function interruptible<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(interrupted());
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } catch (thrown) {
    throw signal.aborted ? interrupted() : thrown;
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}

function interrupted(): PaletteError {
  return new PaletteError("INTERRUPTED", 130, "Interrupted.", { next: "Run the same command again to go on." });
}

function bug(thrown: unknown): Reason {
  const message = `The gate itself broke: ${messageOf(thrown)}. Nothing was judged; report this as a fault of this tool.`;
  return { code: "GATE_ERROR", member: null, message };
}

function tooSlow(gate: Gate, limitSeconds: number): Verdict {
  const message = `One look took longer than ${limitSeconds} s and was given up; the site answers too slowly to be judged.`;
  const reasons = [{ code: "SAMPLE_TIMEOUT", member: null, message }];
  return { gate: gate.name, outcome: "unknown", reasons, observed: null, transient: true };
}

function count(state: State, gate: Gate, verdict: Verdict, now: Date): void {
  state.samples += 1;
  const stableKey = verdict.outcome === "pass" ? (gate.stableKey?.(verdict) ?? "") : null;
  state.streak = stableKey === null ? 0 : stableKey === state.stableKey ? state.streak + 1 : 1;
  state.stableKey = stableKey;
  const seen = verdict.reasons.map(keyOf);
  state.since = new Map(seen.map((key) => [key, state.since.get(key) ?? now.toISOString()]));
}

function keyOf(reason: Reason): string {
  return `${reason.code} ${reason.member ?? ""}`;
}

type End = Pick<GateReport, "outcome" | "reasons" | "gate" | "observed">;

/** How the run ends with this sample, or null when another is to be taken. */
function endOf(verdict: Verdict, state: State, timing: GateTiming, overdue: boolean, until: Date): End | null {
  const { outcome } = verdict;
  if (outcome === "fail") return { ...verdict, outcome };
  if (outcome === "unknown") return verdict.transient === true && !overdue ? null : { ...verdict, outcome };
  if (outcome === "pass" && (state.streak >= timing.samples || isNotApplicable(verdict)))
    return { ...verdict, outcome };
  if (!overdue) return null;
  const missing =
    outcome === "wait"
      ? "what is named below was still not so"
      : `only ${state.streak} of ${timing.samples} looks in a row were good`;
  const message = `The deadline (${timing.deadlineSeconds} s, until ${until.toISOString()}) is over: ${missing}.`;
  return { ...verdict, outcome: "fail", reasons: [{ code: "DEADLINE", member: null, message }, ...verdict.reasons] };
}

/** What does not apply needs no second look. */
function isNotApplicable(verdict: Verdict): boolean {
  return verdict.reasons.some(({ code }) => code === "NOT_APPLICABLE");
}

function endOfSingle(verdict: Verdict): End {
  const { outcome } = verdict;
  if (outcome !== "wait") return { ...verdict, outcome };
  const message =
    "This look had to pass by itself, and what is named below was not yet so. Run the same command again.";
  return { ...verdict, outcome: "fail", reasons: [{ code: "NOT_YET", member: null, message }, ...verdict.reasons] };
}

interface Ending {
  gate: Gate;
  input: GateInput;
  state: State;
  startedAt: Date;
  now: Date;
  secrets: readonly string[];
}

function reportOf(end: End, { gate, input, state, startedAt, now, secrets }: Ending): GateReport {
  return {
    gate: gate.name,
    outcome: end.outcome,
    when: input.when,
    from: input.edge.from,
    to: input.edge.to,
    reasons: redactReasons(end.reasons, secrets),
    observed: redactObserved(end.observed, secrets),
    startedAt: startedAt.toISOString(),
    finishedAt: now.toISOString(),
    samples: state.samples,
  };
}

function progressOf(
  gate: Gate,
  verdict: Verdict,
  state: State,
  timing: GateTiming,
  now: Date,
  until: Date,
  secrets: readonly string[],
): GateProgress {
  const reasons = verdict.reasons.map((reason) => state.since.get(keyOf(reason)) ?? now.toISOString());
  return {
    gate: gate.name,
    sample: state.samples,
    outcome: verdict.outcome,
    streak: state.streak,
    samplesNeeded: timing.samples,
    reasons: redactReasons(verdict.reasons, secrets).map((reason, index) => ({ ...reason, since: reasons[index]! })),
    now: now.toISOString(),
    until: until.toISOString(),
  };
}
