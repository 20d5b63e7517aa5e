import { isNotApplicable } from "./not-applicable.js";
import { isNotNow, waitsFor } from "./not-now.js";
import type { GateReport, GateTiming, Reason, Verdict } from "./types.js";

/** How a run ends. */
export type End = Verdict & { outcome: GateReport["outcome"] };

/** What of a run its ending depends on. */
export interface RunState {
  /** Passing samples in a row so far. */
  streak: number;
  /** Since when nothing but what `isNotNow` names has been missing; null where it is otherwise. */
  notNowSince: Date | null;
}

export interface EndQuestion {
  state: RunState;
  timing: GateTiming;
  now: Date;
  until: Date;
  /** How long to wait for people, windows, DNS, promotion and other people's upgrades; null: until the deadline. */
  patienceSeconds: number | null;
  /** True where somebody has accepted all that is still missing: that is waited for until the deadline. */
  isAccepted: (verdict: Verdict) => boolean;
}

/** How the run ends with this sample, or null when another is to be taken. */
export function endOf(verdict: Verdict, question: EndQuestion): End | null {
  const { outcome } = verdict;
  const overdue = question.now.getTime() >= question.until.getTime();
  if (outcome === "fail") return { ...verdict, outcome };
  if (outcome === "unknown") return verdict.transient === true && !overdue ? null : { ...verdict, outcome };
  if (outcome === "pass" && (question.state.streak >= question.timing.samples || isNotApplicable(verdict)))
    return { ...verdict, outcome };
  return overdue ? atDeadline(verdict, question) : outOfPatience(verdict, question);
}

/** One look decides. */
export function endOfSingle(verdict: Verdict): End {
  const { outcome } = verdict;
  if (outcome !== "wait") return { ...verdict, outcome };
  const message =
    "This look had to pass by itself, and what is named below was not yet so. Run the same command again.";
  return failed(verdict, { code: "NOT_YET", member: null, message });
}

/** True for an `unknown` that asking again may mend: it is not accepted before the deadline, no more than a `wait`. */
export function mayStillPass({ outcome, transient }: Verdict): boolean {
  return outcome === "wait" || (outcome === "unknown" && transient === true);
}

/** When patience ends, in seconds from `now`; null where it does not count. */
export function patienceLeft({ state, patienceSeconds, now }: EndQuestion): number | null {
  if (patienceSeconds === null || state.notNowSince === null) return null;
  return patienceSeconds - (now.getTime() - state.notNowSince.getTime()) / 1000;
}

/** What counts for patience with this sample: the time since which only others have been waited for. */
export function notNowSince(verdict: Verdict, before: Date | null, now: Date): Date | null {
  return verdict.outcome === "wait" && isNotNow(verdict) ? (before ?? now) : null;
}

function atDeadline(verdict: Verdict, { state, timing, until }: EndQuestion): End {
  const missing =
    verdict.outcome === "wait"
      ? "what is named below was still not so"
      : `only ${state.streak} of ${timing.samples} looks in a row were good`;
  const message = `The deadline (${timing.deadlineSeconds} s, until ${until.toISOString()}) is over: ${missing}.`;
  return failed(verdict, { code: "DEADLINE", member: null, message });
}

function outOfPatience(verdict: Verdict, question: EndQuestion): End | null {
  const left = patienceLeft(question);
  if (left === null || left > 0 || question.isAccepted(verdict)) return null;
  const message =
    `Nothing but ${waitsFor(verdict).join(" and ")} is waited for, and no longer than ${question.patienceSeconds} s ` +
    "(--patience), so that no lock is held. Run the same command again when it is so.";
  return failed(verdict, { code: "PATIENCE", member: null, message });
}

function failed(verdict: Verdict, head: Reason): End {
  return { ...verdict, outcome: "fail", reasons: [head, ...verdict.reasons] };
}
