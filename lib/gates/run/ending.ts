import { isNotApplicable, isNotNow, listAwaited } from "../verdict/not-now.js";
import { type GateReport, type GateTiming, type Reason, type Verdict } from "../verdict/types.js";

/** How a run ends. */
export type End = Verdict & { outcome: GateReport["outcome"] };

/** The state of a run that decides whether it ends. */
export interface RunState {
  /** Passing samples in a row so far. */
  streak: number;
  /** Since when everything missing has been something that `isNotNow` accepts; null otherwise. */
  notNowSince: Date | null;
  /** Since when nothing has answered; null otherwise. */
  silentSince: Date | null;
  /** The last sample in which anything answered, and when; null where nothing did. */
  lastAnswer: { verdict: Verdict; at: Date } | null;
}

export interface EndInput {
  state: RunState;
  timing: GateTiming;
  now: Date;
  until: Date;
  /** Longest wait for people, windows, DNS, promotion and other people's upgrades; null: until the deadline. */
  maxWaitSeconds: number | null;
  /** True where people have accepted everything that is still missing: the run then waits until the deadline. */
  isAccepted: (verdict: Verdict) => boolean;
}

/** Decides how the run ends with this sample; null when another sample is needed. */
export function decideEnd(verdict: Verdict, input: EndInput): End | null {
  const { outcome } = verdict;
  const overdue = input.now.getTime() >= input.until.getTime();
  if (outcome === "fail") return { ...verdict, outcome };
  if (outcome === "unknown") return verdict.transient === true ? endInSilence(verdict, input) : { ...verdict, outcome };
  if (outcome === "pass" && (input.state.streak >= input.timing.samples || isNotApplicable(verdict)))
    return { ...verdict, outcome };
  return overdue ? endAtDeadline(verdict, input) : endAtMaxWait(verdict, input);
}

/** A gate whose deadline is longer gives up here while nothing answers: no deadline waits for an API that is gone. */
const longestSilenceSeconds = 600;

/** Returns the seconds that the last sample before a deadline has for its answer. */
export function computeLastAnswerSeconds({ deadlineSeconds }: GateTiming): number {
  return Math.min(10, deadlineSeconds / 10);
}

/** Ends a run whose samples meet nothing but faults that may pass, where no time for another answer is left. */
function endInSilence(verdict: Verdict, { state, timing, now, until }: EndInput): End | null {
  const left = (until.getTime() - now.getTime()) / 1000;
  const silent = state.silentSince === null ? 0 : (now.getTime() - state.silentSince.getTime()) / 1000;
  const answered = noteLastAnswer(state.lastAnswer, verdict);
  if (left <= computeLastAnswerSeconds(timing))
    return { ...verdict, outcome: "unknown", reasons: [...verdict.reasons, ...answered] };
  if (silent < longestSilenceSeconds) return null;
  const message =
    `Nothing has answered since ${state.silentSince!.toISOString()}, so the gate was given up before its deadline ` +
    `(${timing.deadlineSeconds} s, until ${until.toISOString()}). Run the same command again once it answers.`;
  const note = { code: "NOTE", member: null, message };
  return { ...verdict, outcome: "unknown", reasons: [...verdict.reasons, note, ...answered] };
}

/** Remarks of what was missing when the site last answered: a deadline that ends in silence does not hide it. */
function noteLastAnswer(lastAnswer: RunState["lastAnswer"], verdict: Verdict): Reason[] {
  if (lastAnswer === null || lastAnswer.verdict === verdict) return [];
  const missing = lastAnswer.verdict.reasons.filter(({ code }) => code !== "NOTE");
  return missing.map(({ member, message }) => ({
    code: "NOTE",
    member,
    message: `When the site last answered, at ${lastAnswer.at.toISOString()}: ${message}`,
  }));
}

/** Decides how a run of a single sample ends. */
export function decideSingleSampleEnd(verdict: Verdict): End {
  const { outcome } = verdict;
  if (outcome !== "wait") return { ...verdict, outcome };
  const message =
    "This sample had to pass by itself, and what is named below was not yet so. Run the same command again.";
  return createFailedEnd(verdict, { code: "NOT_YET", member: null, message });
}

/** True for a `wait`, and for an `unknown` that may pass when asked again: neither is accepted before the deadline. */
export function canStillPass({ outcome, transient }: Verdict): boolean {
  return outcome === "wait" || (outcome === "unknown" && transient === true);
}

/** Returns the seconds from `now` until the longest wait is over; null where it does not apply. */
export function computeRemainingWait({ state, maxWaitSeconds, now }: EndInput): number | null {
  if (maxWaitSeconds === null || state.notNowSince === null) return null;
  return maxWaitSeconds - (now.getTime() - state.notNowSince.getTime()) / 1000;
}

/** Returns since when the run has waited only for others, with this sample; null where it does not. */
export function computeNotNowSince(verdict: Verdict, before: Date | null, now: Date): Date | null {
  return verdict.outcome === "wait" && isNotNow(verdict) ? (before ?? now) : null;
}

function endAtDeadline(verdict: Verdict, { state, timing, until }: EndInput): End {
  const missing =
    verdict.outcome === "wait"
      ? "what is named below was still not so"
      : `only ${state.streak} of ${timing.samples} samples in a row passed`;
  const message = `The deadline (${timing.deadlineSeconds} s, until ${until.toISOString()}) is over: ${missing}.`;
  return createFailedEnd(verdict, { code: "DEADLINE", member: null, message });
}

function endAtMaxWait(verdict: Verdict, input: EndInput): End | null {
  const left = computeRemainingWait(input);
  if (left === null || left > 0 || input.isAccepted(verdict)) return null;
  const message =
    `Nothing but ${listAwaited(verdict).join(" and ")} is waited for, and no longer than ${input.maxWaitSeconds} s ` +
    "(--patience), so that no lock is held. Run the same command again when it is so.";
  return createFailedEnd(verdict, { code: "PATIENCE", member: null, message });
}

function createFailedEnd(verdict: Verdict, head: Reason): End {
  return { ...verdict, outcome: "fail", reasons: [head, ...verdict.reasons] };
}
