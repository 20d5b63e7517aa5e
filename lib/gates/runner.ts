import { messageOf, PaletteError } from "../errors.js";
import { endOf, endOfSingle, mayStillPass, notNowSince, patienceLeft, type End, type EndQuestion } from "./ending.js";
import { redact, redactObserved, redactReasons } from "./redact.js";
import { timingOf } from "./timing.js";
import type { AcceptedReason, Gate, GateInput, GateReport, GateTiming, Outcome, Reason, Verdict } from "./types.js";

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
  /** What people have accepted, applied to a verdict that would end the run: it may turn it into a pass. */
  accept?: <V extends Verdict>(verdict: V) => V;
  /** How long to wait where only other people are waited for; null or absent: until the deadline. */
  patienceSeconds?: number | null;
}

const defaultSampleLimitSeconds = 300;
/** A look is never followed by the next at once. */
const minPauseSeconds = 0.1;

interface State {
  samples: number;
  streak: number;
  stableKey: string | null;
  notNowSince: Date | null;
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
  const state: State = { samples: 0, streak: 0, stableKey: null, notNowSince: null, since: new Map() };
  const accept = options.accept ?? unchanged;
  for (;;) {
    const seen = await takeSample(gate, input, options);
    // A look that fails for accepted reasons alone counts as a good one: the row of good looks is asked for all the same.
    const verdict = mayStillPass(seen) ? seen : accept(seen);
    const now = await input.clock.now();
    count(state, gate, verdict, now);
    const question: EndQuestion = {
      state,
      timing,
      now,
      until,
      patienceSeconds: options.patienceSeconds ?? null,
      isAccepted: (waiting) => accept<Verdict>({ ...waiting, outcome: "fail" }).outcome === "pass",
    };
    const end = options.single === true ? endOfSingle(verdict) : endOf(verdict, question);
    if (end !== null)
      return reportOf(accept(end), { gate, input, state, startedAt, now, secrets: options.secrets ?? [] });
    options.onProgress?.(progressOf(gate, verdict, state, timing, now, until, options.secrets ?? []));
    await interruptible(input.clock.sleep(pauseOf(question), options.signal), options.signal);
  }
}

function unchanged<V>(verdict: V): V {
  return verdict;
}

/** The last look is at the deadline itself, or where patience ends. */
function pauseOf(question: EndQuestion): number {
  const secondsLeft = (question.until.getTime() - question.now.getTime()) / 1000;
  const patience = patienceLeft(question) ?? Infinity;
  const soonest = Math.min(secondsLeft, patience > 0 ? patience : Infinity);
  return Math.min(question.timing.intervalSeconds, Math.max(soonest, minPauseSeconds));
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
  state.notNowSince = notNowSince(verdict, state.notNowSince, now);
  const seen = verdict.reasons.map(keyOf);
  state.since = new Map(seen.map((key) => [key, state.since.get(key) ?? now.toISOString()]));
}

function keyOf(reason: Reason): string {
  return `${reason.code} ${reason.member ?? ""}`;
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
    ...(end.accepted === undefined ? {} : { accepted: redactAccepted(end.accepted, secrets) }),
  };
}

function redactAccepted(accepted: readonly AcceptedReason[], secrets: readonly string[]): AcceptedReason[] {
  return accepted.map((each) => ({
    ...each,
    because: redact(each.because, secrets),
    ticket: redact(each.ticket, secrets),
  }));
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
