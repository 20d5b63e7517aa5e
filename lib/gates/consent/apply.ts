import { acceptanceCodes, remarkCodes } from "../verdict/not-now.js";
import { type AcceptedReason, type Reason, type Verdict } from "../verdict/types.js";
import { findAcceptanceFault, getReasonSubject, type HopAcceptanceContext, isMeantFor } from "./fault.js";
import { type Acceptance, type AcceptanceContext } from "./types.js";

/**
 * Turns a `fail` or `unknown` verdict into a `pass` if every blocking reason is accepted. The reasons stay, each marked
 * with who accepted it. Any other verdict keeps its outcome; if an acceptance names one of its reasons but does not
 * count, a remark says why. A `wait` is never accepted, because it may still become a pass. Idempotent.
 */
export function applyAcceptances<V extends Pick<Verdict, "gate" | "outcome" | "reasons" | "accepted">>(
  verdict: V,
  acceptances: readonly Acceptance[],
  context: AcceptanceContext,
): V {
  if (verdict.outcome !== "fail" && verdict.outcome !== "unknown") return verdict;
  const reasons = verdict.reasons.filter(({ code }) => !acceptanceCodes.has(code));
  const judged = reasons.map((reason) => judgeReason(verdict.gate, reason, acceptances, context));
  const blocking = judged.filter(({ blocks }) => blocks);
  if (blocking.length === 0 || blocking.some(({ accepted }) => accepted === null)) {
    return { ...verdict, reasons: [...reasons, ...removeDuplicates(judged.flatMap(({ remark }) => remark ?? []))] };
  }
  return {
    ...verdict,
    outcome: "pass",
    reasons: judged.map(({ reason, accepted }) => (accepted === null ? reason : markAccepted(reason, accepted))),
    accepted: judged.flatMap(({ reason, accepted }) => (accepted === null ? [] : [toAcceptedReason(reason, accepted)])),
  };
}

interface JudgedReason {
  reason: Reason;
  blocks: boolean;
  accepted: Acceptance | null;
  /** Why an acceptance that names this reason does not count. */
  remark: Reason | null;
}

function judgeReason(
  gate: Verdict["gate"],
  reason: Reason,
  acceptances: readonly Acceptance[],
  context: AcceptanceContext,
): JudgedReason {
  const none: JudgedReason = { reason, blocks: !remarkCodes.has(reason.code), accepted: null, remark: null };
  const { hop } = context;
  if (!none.blocks || hop === null) return none;
  const meant = acceptances.filter((each) => isMeantFor(each, gate, hop, reason));
  const faults = meant.map((each) => createRemark(each, reason, { ...context, hop }));
  const valid = meant.find((_, index) => faults[index] === null);
  return valid === undefined ? { ...none, remark: faults[0] ?? null } : { ...none, accepted: valid };
}

/** Returns why the acceptance does not count, as a reason of the gate; null if it counts. */
function createRemark(acceptance: Acceptance, { member }: Reason, context: HopAcceptanceContext): Reason | null {
  const fault = findAcceptanceFault(acceptance, context);
  if (fault === null) return null;
  const { code, by, ticket } = acceptance;
  return { code: fault.code, member, message: `The acceptance of ${code} by ${by} (${ticket}) ${fault.message}` };
}

function markAccepted({ code, member, message }: Reason, { by, ticket, until, because }: Acceptance): Reason {
  return {
    code: "ACCEPTED",
    member,
    message: `${code}: ${message} ACCEPTED by ${by} (${ticket}) until ${until}: ${because}`,
  };
}

function toAcceptedReason(reason: Reason, { by, because, ticket, until }: Acceptance): AcceptedReason {
  return { code: reason.code, subject: getReasonSubject(reason), by, because, ticket, until };
}

function removeDuplicates(reasons: readonly Reason[]): Reason[] {
  const seen = new Set<string>();
  return reasons.filter(({ message }) => !seen.has(message) && seen.add(message));
}
