import type { AcceptedReason, GateReport } from "../gates/types.js";
import type { Version } from "../version/version.js";
import { faultOf, isMeantFor } from "./fault.js";
import { remarkCodes } from "./remarks.js";
import { describeAcceptance, hopName, type Acceptance, type AcceptanceContext } from "./types.js";

export interface AcceptanceSurvey {
  /** They turned a reason of this hop. */
  used: Acceptance[];
  /** They are for this hop and match nothing, or for a hop that is not on the road any more. */
  unused: Acceptance[];
  /** They match a reason of this hop, and do not count for it. */
  uncounted: { acceptance: Acceptance; because: string }[];
  /** They have run out. */
  expired: Acceptance[];
}

/**
 * What became of every acceptance: so that none is left lying about. Those for a later hop of the road are in none of the lists.
 * @param road hops still to come, the one at hand included; @param hop the one at hand, null where no release moves
 */
export function surveyAcceptances(
  acceptances: readonly Acceptance[],
  reports: readonly SurveyedReport[],
  question: SurveyQuestion,
): AcceptanceSurvey {
  const { road, hop, today } = question;
  const here = hop === null ? null : hopName(hop);
  const ahead = new Set(road.map(hopName).filter((name) => name !== here));
  const isUsed = (each: Acceptance): boolean =>
    reports.some(
      (report) =>
        report.gate === each.gate &&
        hopName(report) === each.hop &&
        (report.accepted ?? []).some((one) => isOf(one, each)),
    );
  const expired = acceptances.filter(({ until }) => until < today);
  const living = acceptances.filter(({ until }) => until >= today);
  const used = living.filter(isUsed);
  const uncounted = living
    .filter((each) => !used.includes(each))
    .flatMap((acceptance) => {
      const because = whyUncounted(acceptance, reports, question);
      return because === null ? [] : [{ acceptance, because }];
    });
  const matched = new Set([...used, ...uncounted.map(({ acceptance }) => acceptance)]);
  return { used, unused: living.filter((each) => !matched.has(each) && !ahead.has(each.hop)), uncounted, expired };
}

type SurveyedReport = Pick<GateReport, "gate" | "outcome" | "from" | "to" | "reasons" | "accepted">;

interface SurveyQuestion extends Omit<AcceptanceContext, "hop"> {
  road: readonly Pair[];
  hop: Pair | null;
}

/** Why an acceptance that names a reason which still blocks does not count; null where it names none. */
function whyUncounted(
  acceptance: Acceptance,
  reports: readonly SurveyedReport[],
  question: SurveyQuestion,
): string | null {
  const blocked = reports.find(
    ({ gate, outcome, from, to, reasons }) =>
      outcome !== "pass" &&
      reasons.some((reason) => !remarkCodes.has(reason.code) && isMeantFor(acceptance, gate, { from, to }, reason)),
  );
  if (blocked === undefined) return null;
  const { from, to } = blocked;
  return faultOf(acceptance, { ...question, hop: { from, to } })?.because ?? othersBlock;
}

const othersBlock = "the gate has other reasons too, and passes only when every one of them is accepted or mended.";

/** The survey in lines, for a preview's report. */
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

interface Pair {
  from: Version;
  to: Version;
}

function isOf(accepted: AcceptedReason, { code, subject, by, ticket, until }: Acceptance): boolean {
  return (
    accepted.code === code &&
    accepted.subject === subject &&
    accepted.by === by &&
    accepted.ticket === ticket &&
    accepted.until === until
  );
}
