import { remarkCodes } from "../verdict/not-now.js";
import { type AcceptedReason, type GateReport } from "../verdict/types.js";
import { type Version } from "../../planning/version/version.js";
import { findAcceptanceFault, isMeantFor } from "./fault.js";
import { type Acceptance, type AcceptanceContext, describeAcceptance, formatHopName } from "./types.js";

interface AcceptanceSurvey {
  /** Acceptances that took effect for a reason of this hop. */
  used: Acceptance[];
  /** Acceptances of this hop that match no reason, or of a hop that is no longer on the route. */
  unused: Acceptance[];
  /** Acceptances that match a reason of this hop but do not count for it. */
  uncounted: { acceptance: Acceptance; because: string }[];
  /** Acceptances that have expired. */
  expired: Acceptance[];
}

/**
 * Sorts the acceptances by their effect, so that stale ones are noticed. Those for a later hop of the route are in no
 * list. `input.route` holds the remaining hops, the current one included; `input.hop` is the current hop, null if no
 * release moves.
 */
export function surveyAcceptances(
  acceptances: readonly Acceptance[],
  reports: readonly SurveyedReport[],
  input: SurveyInput,
): AcceptanceSurvey {
  const { route, hop, today } = input;
  const currentHop = hop === null ? null : formatHopName(hop);
  const laterHops = new Set(route.map(formatHopName).filter((name) => name !== currentHop));
  const isUsed = (each: Acceptance): boolean =>
    reports.some(
      (report) =>
        report.gate === each.gate &&
        formatHopName(report) === each.hop &&
        (report.accepted ?? []).some((one) => isSameAcceptance(one, each)),
    );
  const expired = acceptances.filter(({ until }) => until < today);
  const unexpired = acceptances.filter(({ until }) => until >= today);
  const used = unexpired.filter(isUsed);
  const uncounted = unexpired
    .filter((each) => !used.includes(each))
    .flatMap((acceptance) => {
      const because = explainUncounted(acceptance, reports, input);
      return because === null ? [] : [{ acceptance, because }];
    });
  const matched = new Set([...used, ...uncounted.map(({ acceptance }) => acceptance)]);
  return {
    used,
    unused: unexpired.filter((each) => !matched.has(each) && !laterHops.has(each.hop)),
    uncounted,
    expired,
  };
}

type SurveyedReport = Pick<GateReport, "gate" | "outcome" | "from" | "to" | "reasons" | "accepted">;

interface SurveyInput extends Omit<AcceptanceContext, "hop"> {
  route: readonly VersionPair[];
  hop: VersionPair | null;
}

/** Returns why an acceptance that names a blocking reason does not count; null if it names no blocking reason. */
function explainUncounted(
  acceptance: Acceptance,
  reports: readonly SurveyedReport[],
  input: SurveyInput,
): string | null {
  const blocked = reports.find(
    ({ gate, outcome, from, to, reasons }) =>
      outcome !== "pass" &&
      reasons.some((reason) => !remarkCodes.has(reason.code) && isMeantFor(acceptance, gate, { from, to }, reason)),
  );
  if (blocked === undefined) return null;
  const { from, to } = blocked;
  return findAcceptanceFault(acceptance, { ...input, hop: { from, to } })?.because ?? othersBlock;
}

const othersBlock = "the gate has other reasons too, and passes only when every one of them is accepted or fixed.";

/** Describes the survey as lines of text, for the report of a preview. */
export function describeSurvey({
  used,
  unused,
  uncounted,
  expired,
}: AcceptanceSurvey): Record<keyof AcceptanceSurvey, string[]> {
  return {
    used: used.map(describeAcceptance),
    unused: unused.map(describeAcceptance),
    uncounted: uncounted.map(({ acceptance, because }) => `${describeAcceptance(acceptance)}: ${because}`),
    expired: expired.map(describeAcceptance),
  };
}

interface VersionPair {
  from: Version;
  to: Version;
}

function isSameAcceptance(accepted: AcceptedReason, { code, subject, by, ticket, until }: Acceptance): boolean {
  return (
    accepted.code === code &&
    accepted.subject === subject &&
    accepted.by === by &&
    accepted.ticket === ticket &&
    accepted.until === until
  );
}
