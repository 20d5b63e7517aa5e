import { type Reason } from "../verdict/types.js";
import { isInRange } from "../../planning/rules/edge-pattern.js";
import { type GateName, type NeverAcceptedRow } from "../../planning/rules/types.js";
import { isForGate, loadRules } from "../../planning/rules/rules.js";
import { type Version } from "../../planning/version/version.js";
import { isOtherPerson, runnerUnknown } from "./runner-names.js";
import { type Acceptance, type AcceptanceContext, formatHopName } from "./types.js";

/** What an acceptance is checked against when the hop is known. */
export interface HopAcceptanceContext extends AcceptanceContext {
  hop: { from: Version; to: Version };
}

/** Why an acceptance that names a reason does not count. */
interface AcceptanceFault {
  code: "ACCEPTANCE_VOID" | "ACCEPTANCE_EXPIRED" | "FOUR_EYES";
  /** Continues the sentence "The acceptance of CODE by WHO (TICKET)". */
  message: string;
  /** The same as a text of its own: why, and what to do. */
  because: string;
}

/** Whether the acceptance names exactly this reason of this gate on this hop, regardless of whether it counts. */
export function isMeantFor(
  { gate, code, subject, hop }: Acceptance,
  asked: GateName,
  at: { from: Version; to: Version },
  reason: Pick<Reason, "code" | "member">,
): boolean {
  return gate === asked && code === reason.code && subject === getReasonSubject(reason) && hop === formatHopName(at);
}

/** Returns the name by which an acceptance refers to the subject of a reason; `*` if the reason has no member. */
export function getReasonSubject({ member }: Pick<Reason, "member">): string {
  return member ?? "*";
}

/** Returns why the acceptance does not count, or null if it counts. */
export function findAcceptanceFault(
  { gate, code, by, until }: Acceptance,
  context: HopAcceptanceContext,
): AcceptanceFault | null {
  const row = findNeverAcceptedRow(gate, code, context.hop.to, context.resuming);
  if (row !== null) {
    const because = `${row.because}. Nobody can accept that; fix it.`;
    return { code: "ACCEPTANCE_VOID", message: `counts for nothing: ${because}`, because };
  }
  if (until < context.today) {
    const because = `ran out on ${until}: fix the reason, or have it accepted anew in palette:accept.`;
    return { code: "ACCEPTANCE_EXPIRED", message: because, because: `it ${because}` };
  }
  if (context.fourEyes && !isOtherPerson(by, context.runners)) {
    const own = `${by} is also the one who runs this (palette:approval.fourEyes): have another person accept it, or run it.`;
    const because = context.runners.length === 0 ? `${runnerUnknown.message}. ${runnerUnknown.next}` : own;
    return { code: "FOUR_EYES", message: `does not count, because ${because}`, because };
  }
  return null;
}

/** Finds the row of data/never-accepted.json that forbids accepting this reason; null if it may be accepted. */
function findNeverAcceptedRow(
  gate: GateName,
  code: string,
  to: Version,
  resuming: boolean,
  rows: readonly NeverAcceptedRow[] = loadRules("never-accepted"),
): NeverAcceptedRow | null {
  const isForbidding = (row: NeverAcceptedRow): boolean =>
    isForGate(row, gate) &&
    (row.codes.includes("*") || row.codes.includes(code)) &&
    (row.into === undefined || isInRange(to, row.into)) &&
    !(resuming && row.exceptResuming?.includes(code) === true);
  return rows.find(isForbidding) ?? null;
}
