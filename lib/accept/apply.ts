import type { AcceptedReason, Reason, Verdict } from "../gates/types.js";
import { faultOf, isMeantFor, subjectOf, type PlacedContext } from "./fault.js";
import { acceptanceCodes, remarkCodes } from "./remarks.js";
import { type Acceptance, type AcceptanceContext } from "./types.js";

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
  const meant = acceptances.filter((each) => isMeantFor(each, gate, hop, reason));
  const faults = meant.map((each) => remarkOf(each, reason, { ...context, hop }));
  const sound = meant.find((_, index) => faults[index] === null);
  return sound === undefined ? { ...none, remark: faults[0] ?? null } : { ...none, accepted: sound };
}

/** Why the acceptance does not count, as a reason of the gate; null where it does. */
function remarkOf(acceptance: Acceptance, { member }: Reason, context: PlacedContext): Reason | null {
  const fault = faultOf(acceptance, context);
  if (fault === null) return null;
  const { code, by, ticket } = acceptance;
  return { code: fault.code, member, message: `The acceptance of ${code} by ${by} (${ticket}) ${fault.message}` };
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
