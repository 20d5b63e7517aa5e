import { isNotNow } from "../../gates/verdict/not-now.js";
import { type Outcome, type Reason } from "../../gates/verdict/types.js";

/** A gate's answer, or that it has not been asked yet. */
export interface StepAnswer {
  outcome: Outcome | "not-applicable" | "will-check";
  reasons: readonly Reason[];
}

/** What a step depends on before its next release moves. */
export interface StepFacts<A extends StepAnswer> {
  /** Of the gates that must pass. */
  answers: readonly A[];
  /** Acts that a person has still to do and acknowledge. */
  openActs: readonly unknown[];
}

export interface StepVerdict<A extends StepAnswer> {
  /** `waits`: the gates are sampled on; `not-now`: it ends, and the same command goes on once others have acted. */
  end: "goes-on" | "waits" | "not-now" | "refused";
  /** Of a run that ends so; where it waits, of one that cannot wait. */
  exitCode: 0 | 3 | 5;
  /** Answers that refuse. */
  against: A[];
  /** Answers that may still become a pass. */
  awaited: A[];
  /** Gates that have not been asked. */
  unasked: A[];
}

const exitCodes = { "goes-on": 0, waits: 5, "not-now": 5, refused: 3 } as const;

/**
 * Decides what stands in the way of a step: of the one that a preview shows, and of the one that an update makes. A
 * gate that has not been asked yet has no influence. Pure.
 */
export function judgeStep<A extends StepAnswer>({ answers, openActs }: StepFacts<A>): StepVerdict<A> {
  const against = answers.filter(({ outcome }) => outcome === "fail" || outcome === "unknown");
  const awaited = answers.filter(({ outcome }) => outcome === "wait");
  const unasked = answers.filter(({ outcome }) => outcome === "will-check");
  const isRefused = openActs.length > 0 || against.some((answer) => !isWaitingForOthers(answer));
  const end = isRefused ? "refused" : against.length > 0 ? "not-now" : awaited.length > 0 ? "waits" : "goes-on";
  return { end, exitCode: exitCodes[end], against, awaited, unasked };
}

function isWaitingForOthers({ outcome, reasons }: StepAnswer): boolean {
  return isNotNow({ outcome: outcome === "unknown" ? "unknown" : "fail", reasons: [...reasons] });
}
