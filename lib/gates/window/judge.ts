import { getErrorMessage } from "../../base/errors/errors.js";
import type { Observed } from "../verdict/types.js";
import type { Finding } from "../verdict/findings.js";
import { listOpenings, type Opening, type UpdateWindow } from "./openings.js";
import { formatCount } from "../../base/errors/counted.js";

interface WindowFacts {
  windows: readonly UpdateWindow[];
  now: Date;
  /** How long the hop is likely to take; at least this much of the window must be left. */
  neededMinutes: number;
  /** An opening that starts within this time is waited for instead of failed. */
  maxWaitSeconds: number;
}

/** A week and a day, so that the window of every weekday is included at least once. */
const daysAhead = 8;

/** Judges whether a hop may begin now. A hop in progress is never cut, so its end is judged before it begins. */
export function judgeWindow(facts: WindowFacts): { finding: Finding; observed: Observed } {
  const { windows, now, neededMinutes } = facts;
  let openings: Opening[];
  try {
    openings = listOpenings(windows, now, daysAhead);
  } catch (error) {
    const message = `The zone of a window in palette:windows is not known here (${getErrorMessage(error)}), expected an IANA name such as "Europe/Berlin".`;
    return { finding: createFinding("unknown", "WINDOW_ZONE_UNKNOWN", message), observed: null };
  }
  const open = openings.find(({ from, to }) => from <= now && now < to);
  const next = openings.find(
    (opening) => opening.from > now && computeMinutesLeft(opening, opening.from) >= neededMinutes,
  );
  const observed = { now: now.toISOString(), open: toObservedSpan(open), next: toObservedSpan(next), neededMinutes };
  if (open !== undefined && computeMinutesLeft(open, now) >= neededMinutes) {
    const message = `The window is open until ${open.to.toISOString()}: ${formatCount(Math.floor(computeMinutesLeft(open, now)), "minute is", "minutes are")} left, and the hop is likely to take ${neededMinutes}.`;
    return { finding: { outcome: "pass", code: "NOTE", member: null, message }, observed };
  }
  return { finding: createClosedFinding(facts, openings, open, next), observed };
}

function createClosedFinding(
  { now, neededMinutes, maxWaitSeconds }: WindowFacts,
  openings: readonly Opening[],
  open: Opening | undefined,
  next: Opening | undefined,
): Finding {
  const seen =
    open === undefined
      ? "No update window is open"
      : `The window that is open closes at ${open.to.toISOString()}, in ${formatCount(Math.floor(computeMinutesLeft(open, now)), "minute")}, and the hop is likely to take ${neededMinutes}`;
  if (next === undefined) {
    const longest = Math.max(0, ...openings.map((opening) => computeMinutesLeft(opening, opening.from)));
    const message = `${seen}; no window of the coming week has room for the hop's ${formatCount(neededMinutes, "minute")} (the longest has ${Math.floor(longest)}): lengthen palette:windows.`;
    return createFinding("fail", "WINDOW_TOO_SHORT", message);
  }
  const secondsAway = (next.from.getTime() - now.getTime()) / 1000;
  const message = `${seen}; the next one with room for the hop opens at ${next.from.toISOString()} and closes at ${next.to.toISOString()}: run this again then.`;
  return createFinding(secondsAway <= maxWaitSeconds ? "wait" : "fail", "WINDOW_CLOSED", message);
}

/** Returns the minutes left of an opening at `moment`. */
function computeMinutesLeft({ to }: Opening, moment: Date): number {
  return (to.getTime() - moment.getTime()) / 60_000;
}

function toObservedSpan(opening: Opening | undefined): Observed {
  return opening === undefined ? null : { from: opening.from.toISOString(), to: opening.to.toISOString() };
}

function createFinding(outcome: Finding["outcome"], code: string, message: string): Finding {
  return { outcome, code, member: null, message };
}
