import type { GateName } from "../gates/gate-names.js";
import type { Reason } from "../gates/types.js";
import type { Version } from "../version/version.js";
import { neverAccepted } from "./never-accepted.js";
import { isAnother, runnerUnknown } from "./runner-names.js";
import { hopName, type Acceptance, type AcceptanceContext } from "./types.js";

/** What an acceptance is held against where its hop is known. */
export interface PlacedContext extends AcceptanceContext {
  hop: { from: Version; to: Version };
}

/** Why an acceptance that was meant for a reason does not count. */
export interface AcceptanceFault {
  code: "ACCEPTANCE_VOID" | "ACCEPTANCE_EXPIRED" | "FOUR_EYES";
  /** Goes on from "The acceptance of CODE by WHO (TICKET)". */
  message: string;
  /** The same by itself: why, and what to do. */
  because: string;
}

/** True where the acceptance names this very reason of this gate on this hop, whether or not it counts. */
export function isMeantFor(
  { gate, code, subject, hop }: Acceptance,
  asked: GateName,
  at: { from: Version; to: Version },
  reason: Pick<Reason, "code" | "member">,
): boolean {
  return gate === asked && code === reason.code && subject === subjectOf(reason) && hop === hopName(at);
}

/** How an acceptance names whom a reason is about. */
export function subjectOf({ member }: Pick<Reason, "member">): string {
  return member ?? "*";
}

/** Why the acceptance does not count, or null where it does. */
export function faultOf({ gate, code, by, until }: Acceptance, context: PlacedContext): AcceptanceFault | null {
  const row = neverAccepted(gate, code, context.hop.to, context.resuming);
  if (row !== null) {
    const because = `${row.because}. Nobody can accept that; mend it.`;
    return { code: "ACCEPTANCE_VOID", message: `counts for nothing: ${because}`, because };
  }
  if (until < context.today) {
    const because = `ran out on ${until}: mend the reason, or have it accepted anew in palette:accept.`;
    return { code: "ACCEPTANCE_EXPIRED", message: because, because: `it ${because}` };
  }
  if (context.fourEyes && !isAnother(by, context.runners)) {
    const own = `${by} is also the one who runs this (palette:fourEyes): have another person accept it, or run it.`;
    const because = context.runners.length === 0 ? `${runnerUnknown.message}. ${runnerUnknown.next}` : own;
    return { code: "FOUR_EYES", message: `does not count, because ${because}`, because };
  }
  return null;
}
