import { getErrorMessage, PaletteError } from "../../base/errors/errors.js";
import { isAccessFault } from "../../site/kubernetes/errors.js";
import {
  canStillPass,
  computeLastAnswerSeconds,
  computeNotNowSince,
  computeRemainingWait,
  decideEnd,
  decideSingleSampleEnd,
  type End,
  type EndInput,
  type RunState,
} from "./ending.js";
import { redact } from "../../base/text/redact.js";
import { getGateTiming } from "./timing.js";
import {
  type AcceptedReason,
  type Gate,
  type GateInput,
  type GateReport,
  type GateTiming,
  type Outcome,
  type Reason,
  type Verdict,
} from "../verdict/types.js";
import { redactObserved, redactReasons } from "../verdict/redact.js";
import { createRunMemory } from "../verdict/run-memory.js";

/** Progress of a run while it waits: what is still missing, since when, and until when at the latest. */
export interface GateProgress {
  gate: Gate["name"];
  /** Samples taken. */
  sample: number;
  outcome: Outcome;
  /** Consecutive passes so far, of `samplesNeeded`. */
  streak: number;
  samplesNeeded: number;
  /** Each reason with the time since which every sample has shown it, ISO 8601. */
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
  /** Texts that must not appear in the output, e.g. API keys. */
  secrets?: readonly string[];
  /** A sample that takes longer, in real seconds, is abandoned and counts as a transient fault. */
  sampleLimitSeconds?: number;
  /** What people have accepted, applied to a verdict that would end the run: it may turn it into a pass. */
  accept?: <V extends Verdict>(verdict: V) => V;
  /** Longest wait where only other people are waited for; null or absent: until the deadline. */
  maxWaitSeconds?: number | null;
}

const defaultSampleLimitSeconds = 300;
/** Shortest pause between two samples. */
const minPauseSeconds = 0.1;

interface State extends RunState {
  samples: number;
  stableKey: string | null;
  /** When each current reason was first seen without interruption, by code and member. */
  since: Map<string, string>;
}

/**
 * Samples a gate until it has passed `samples` times in a row (once where it does not apply), has failed, could not be
 * judged, or its deadline is over. Starts no process; never passes without the consecutive passes.
 *
 * @throws PaletteError `INTERRUPTED` (exit 130) at once when `signal` is aborted.
 */
export async function runGate(gate: Gate, input: GateInput, options: RunGateOptions = {}): Promise<GateReport> {
  const timing = getGateTiming(gate, input.settings);
  const remembering: GateInput = { ...input, memory: createRunMemory() };
  const startedAt = await input.clock.now();
  const until = new Date(startedAt.getTime() + timing.deadlineSeconds * 1000);
  const state: State = {
    samples: 0,
    streak: 0,
    stableKey: null,
    notNowSince: null,
    silentSince: null,
    lastAnswer: null,
    since: new Map(),
  };
  const accept = options.accept ?? returnUnchanged;
  for (;;) {
    const beganAt = state.samples === 0 ? startedAt : await input.clock.now();
    const seen = await takeSample(gate, remembering, options, computeSampleLimit(timing, until, beganAt));
    // A sample that fails for accepted reasons only counts as passed; the consecutive passes are required all the same.
    const verdict = canStillPass(seen) ? seen : accept(seen);
    const now = await input.clock.now();
    recordSample(state, gate, verdict, now);
    const endInput: EndInput = {
      state,
      timing,
      now,
      until,
      maxWaitSeconds: options.maxWaitSeconds ?? null,
      isAccepted: (waiting) => accept<Verdict>({ ...waiting, outcome: "fail" }).outcome === "pass",
    };
    const end = options.single === true ? decideSingleSampleEnd(verdict) : decideEnd(verdict, endInput);
    if (end !== null)
      return createReport(accept(end), { gate, input, state, startedAt, now, secrets: options.secrets ?? [] });
    options.onProgress?.(createProgress(gate, verdict, state, timing, now, until, options.secrets ?? []));
    await interruptOnAbort(input.clock.sleep(computePauseSeconds(endInput), options.signal), options.signal);
  }
}

function returnUnchanged<V>(verdict: V): V {
  return verdict;
}

/** Returns the seconds until the next sample; the last one is at the deadline, or when the longest wait is over. */
function computePauseSeconds(endInput: EndInput): number {
  const secondsLeft = (endInput.until.getTime() - endInput.now.getTime()) / 1000;
  const remainingWait = computeRemainingWait(endInput) ?? Infinity;
  const soonest = Math.min(secondsLeft, remainingWait > 0 ? remainingWait : Infinity);
  return Math.min(endInput.timing.intervalSeconds, Math.max(soonest, minPauseSeconds));
}

/** How many reasons a progress line names; the report at the end names all. */
const shownReasons = 2;

/** Formats progress as one line for a person. */
export function formatProgress(progress: GateProgress): string {
  const { gate, reasons, streak, samplesNeeded, until } = progress;
  if (progress.outcome === "pass") {
    return `${gate}: good, ${streak} of ${samplesNeeded} samples in a row (until ${formatClockTime(until)})`;
  }
  const missing = reasons
    .filter(({ code }) => code !== "NOTE")
    .map((reason) => `${reason.message} (since ${formatClockTime(reason.since)})`);
  const more = missing.length > shownReasons ? ` · and ${missing.length - shownReasons} more` : "";
  return `${gate}: waiting until ${formatClockTime(until)} at the latest: ${missing.slice(0, shownReasons).join(" · ")}${more}`;
}

function formatClockTime(iso: string): string {
  return `${iso.slice(11, 19)}Z`;
}

/** A sample ends with the gate's deadline; the last one, which is taken at it, has the time for a last answer. */
function computeSampleLimit(timing: GateTiming, until: Date, now: Date): number {
  return Math.max((until.getTime() - now.getTime()) / 1000, computeLastAnswerSeconds(timing));
}

async function takeSample(
  gate: Gate,
  input: GateInput,
  options: RunGateOptions,
  secondsLeft: number,
): Promise<Verdict> {
  const limitSeconds = Math.min(options.sampleLimitSeconds ?? defaultSampleLimitSeconds, secondsLeft);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitSeconds * 1000);
  const signal = options.signal === undefined ? limit.signal : AbortSignal.any([limit.signal, options.signal]);
  try {
    options.signal?.throwIfAborted();
    return await interruptOnAbort(gate.sample(input, signal), signal);
  } catch (thrown) {
    if (options.signal?.aborted === true) throw createInterruptedError();
    if (limit.signal.aborted) return createTimeoutVerdict(gate, limitSeconds);
    if (isAccessFault(thrown)) throw thrown;
    return { gate: gate.name, outcome: "unknown", reasons: [createGateErrorReason(thrown)], observed: null };
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects when the signal is aborted, even where the work ignores the signal. */
async function interruptOnAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(createInterruptedError());
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } catch (thrown) {
    throw signal.aborted ? createInterruptedError() : thrown;
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}

function createInterruptedError(): PaletteError {
  return new PaletteError("INTERRUPTED", 130, "Interrupted.", { next: "Run the same command again to go on." });
}

function createGateErrorReason(thrown: unknown): Reason {
  const message = `The gate itself broke: ${getErrorMessage(thrown)}. Nothing was judged; report this as a fault of this tool.`;
  return { code: "GATE_ERROR", member: null, message };
}

function createTimeoutVerdict(gate: Gate, limitSeconds: number): Verdict {
  const message = `One sample took longer than ${Number(limitSeconds.toFixed(3))} s and was given up; the site answers too slowly to be judged.`;
  const reasons = [{ code: "SAMPLE_TIMEOUT", member: null, message }];
  return { gate: gate.name, outcome: "unknown", reasons, observed: null, transient: true };
}

function recordSample(state: State, gate: Gate, verdict: Verdict, now: Date): void {
  state.samples += 1;
  const stableKey = verdict.outcome === "pass" ? (gate.stableKey?.(verdict) ?? "") : null;
  state.streak = stableKey === null ? 0 : stableKey === state.stableKey ? state.streak + 1 : 1;
  state.stableKey = stableKey;
  state.notNowSince = computeNotNowSince(verdict, state.notNowSince, now);
  state.silentSince = verdict.transient === true ? (state.silentSince ?? now) : null;
  if (verdict.transient !== true || verdict.observed !== null) state.lastAnswer = { verdict, at: now };
  const seen = verdict.reasons.map(formatReasonKey);
  state.since = new Map(seen.map((key) => [key, state.since.get(key) ?? now.toISOString()]));
}

function formatReasonKey(reason: Reason): string {
  return `${reason.code} ${reason.member ?? ""}`;
}

interface ReportInput {
  gate: Gate;
  input: GateInput;
  state: State;
  startedAt: Date;
  now: Date;
  secrets: readonly string[];
}

function createReport(end: End, { gate, input, state, startedAt, now, secrets }: ReportInput): GateReport {
  return {
    gate: gate.name,
    ...(input.only === undefined ? {} : { subject: input.only }),
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

function createProgress(
  gate: Gate,
  verdict: Verdict,
  state: State,
  timing: GateTiming,
  now: Date,
  until: Date,
  secrets: readonly string[],
): GateProgress {
  const reasons = verdict.reasons.map((reason) => state.since.get(formatReasonKey(reason)) ?? now.toISOString());
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
