import type { AcceptedReason, Reason, Verdict } from "../gates/types.js";
import { neverAccepted } from "./never-accepted.js";
import { acceptanceCodes, remarkCodes } from "./remarks.js";
import { isAnother, runnerUnknown } from "./runner-names.js";
import { hopName, type Acceptance, type AcceptanceContext } from "./types.js";

/**
 * A fail or unknown of which every blocking reason is accepted, as a pass: the reasons stay, each marked with who accepted
 * it. Anything else stays what it is; where an acceptance was meant for one of its reasons and does not count, a remark says
 * why. A `wait` is never accepted: it may still become a pass. Applying it again changes nothing.
 */
export function applyAcceptances<V extends Pick<Verdict, "gate" | "outcome" | "reasons" | "accepted">>(
  verdict: V,
  acceptances: readonly Acceptance[],
  context: AcceptanceContext,
): V {
  if (verdict.outcome !== "fail" && verdict.outcome !== "unknown") return verdict;
  const reasons = verdict.reasons.filter(({ code }) => !acceptanceCodes.has(code));
  const answers = reasons.map((reason) => answerTo(verdict.gate, reason, acceptances, context));
  const blocking = answers.filter(({ blocks }) => blocks);
  if (blocking.length === 0 || blocking.some(({ accepted }) => accepted === null)) {
    return { ...verdict, reasons: [...reasons, ...distinct(answers.flatMap(({ remark }) => remark ?? []))] };
  }
  return {
    ...verdict,
    outcome: "pass",
    reasons: answers.map(({ reason, accepted }) => (accepted === null ? reason : marked(reason, accepted))),
    accepted: answers.flatMap(({ reason, accepted }) => (accepted === null ? [] : [evidenceOf(reason, accepted)])),
  };
}

interface Answer {
  reason: Reason;
  blocks: boolean;
  accepted: Acceptance | null;
  /** Why an acceptance that was meant for it does not count. */
  remark: Reason | null;
}

function answerTo(
  gate: Verdict["gate"],
  reason: Reason,
  acceptances: readonly Acceptance[],
  context: AcceptanceContext,
): Answer {
  const none: Answer = { reason, blocks: !remarkCodes.has(reason.code), accepted: null, remark: null };
  const { hop } = context;
  if (!none.blocks || hop === null) return none;
  const meant = acceptances.filter(
    (each) =>
      each.gate === gate &&
      each.code === reason.code &&
      each.subject === subjectOf(reason) &&
      each.hop === hopName(hop),
  );
  const faults = meant.map((each) => faultOf(each, reason, context));
  const sound = meant.find((_, index) => faults[index] === null);
  return sound === undefined ? { ...none, remark: faults[0] ?? null } : { ...none, accepted: sound };
}

/** Why the acceptance does not count, or null where it does. */
function faultOf(acceptance: Acceptance, { code, member }: Reason, context: AcceptanceContext): Reason | null {
  const { by, until, ticket, gate } = acceptance;
  const what = `The acceptance of ${code} by ${by} (${ticket})`;
  const row = neverAccepted(gate, code, context.hop!.to, context.resuming);
  if (row !== null) {
    const message = `${what} counts for nothing: ${row.because}. Nobody can accept that; mend it.`;
    return { code: "ACCEPTANCE_VOID", member, message };
  }
  if (until < context.today) {
    const message = `${what} ran out on ${until}: mend the reason, or have it accepted anew in palette:accept.`;
    return { code: "ACCEPTANCE_EXPIRED", member, message };
  }
  if (context.fourEyes && !isAnother(by, context.runners)) {
    const own = `${by} is also the one who runs this (palette:fourEyes): have another person accept it, or run it.`;
    const because = context.runners.length === 0 ? `${runnerUnknown.message}. ${runnerUnknown.next}` : own;
    return { code: "FOUR_EYES", member, message: `${what} does not count, because ${because}` };
  }
  return null;
}

function subjectOf({ member }: Reason): string {
  return member ?? "*";
}

function marked({ code, member, message }: Reason, { by, ticket, until, because }: Acceptance): Reason {
  return {
    code: "ACCEPTED",
    member,
    message: `${code}: ${message} ACCEPTED by ${by} (${ticket}) until ${until}: ${because}`,
  };
}

function evidenceOf(reason: Reason, { by, because, ticket, until }: Acceptance): AcceptedReason {
  return { code: reason.code, subject: subjectOf(reason), by, because, ticket, until };
}

function distinct(reasons: readonly Reason[]): Reason[] {
  const seen = new Set<string>();
  return reasons.filter(({ message }) => !seen.has(message) && seen.add(message));
}
