import type { AcceptedReason, GateReport } from "../gates/types.js";
import type { Version } from "../version/version.js";
import { describeAcceptance, hopName, type Acceptance } from "./types.js";

export interface AcceptanceSurvey {
  /** They turned a reason of this hop. */
  used: Acceptance[];
  /** They are for this hop and match nothing, or for a hop that is not on the road any more. */
  unused: Acceptance[];
  /** They have run out. */
  expired: Acceptance[];
}

/**
 * What became of every acceptance: so that none is left lying about. Those for a later hop of the road are none of the three.
 * @param road hops still to come, the one at hand included; @param hop the one at hand, null where no release moves
 */
export function surveyAcceptances(
  acceptances: readonly Acceptance[],
  reports: readonly Pick<GateReport, "gate" | "from" | "to" | "accepted">[],
  { road, hop, today }: { road: readonly Pair[]; hop: Pair | null; today: string },
): AcceptanceSurvey {
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
  return { used, unused: living.filter((each) => !used.includes(each) && !ahead.has(each.hop)), expired };
}

/** The survey in lines, for a preview's report. */
export function describeSurvey({ used, unused, expired }: AcceptanceSurvey): Record<keyof AcceptanceSurvey, string[]> {
  return {
    used: used.map(describeAcceptance),
    unused: unused.map(describeAcceptance),
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
