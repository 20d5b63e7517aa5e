import { messageOf } from "../../errors.js";
import type { Observed } from "../types.js";
import type { Finding } from "../verdict.js";
import { openingsOf, type Opening, type UpdateWindow } from "./openings.js";
import { counted } from "../../counted.js";

export interface WindowFacts {
  windows: readonly UpdateWindow[];
  now: Date;
  /** How long the hop is likely to take: so much of the window must be left. */
  neededMinutes: number;
  /** An opening no further away is waited for. */
  patientSeconds: number;
}

/** A week and a day: every weekday's window is seen at least once. */
const daysAhead = 8;

/** Whether a hop may begin now. A hop in flight is never cut: that it ends in time is judged before it begins. */
export function judgeWindow(facts: WindowFacts): { finding: Finding; observed: Observed } {
  const { windows, now, neededMinutes } = facts;
  let openings: Opening[];
  try {
    openings = openingsOf(windows, now, daysAhead);
  } catch (error) {
    const message = `The zone of a window in palette:windows is not known here (${messageOf(error)}), expected an IANA name such as "Europe/Berlin".`;
    return { finding: finding("unknown", "WINDOW_ZONE_UNKNOWN", message), observed: null };
  }
  const open = openings.find(({ from, to }) => from <= now && now < to);
  const next = openings.find((opening) => opening.from > now && roomOf(opening, opening.from) >= neededMinutes);
  const observed = { now: now.toISOString(), open: spanOf(open), next: spanOf(next), neededMinutes };
  if (open !== undefined && roomOf(open, now) >= neededMinutes) {
    const message = `The window is open until ${open.to.toISOString()}: ${counted(Math.floor(roomOf(open, now)), "minute is", "minutes are")} left, and the hop is likely to take ${neededMinutes}.`;
    return { finding: { outcome: "pass", code: "NOTE", member: null, message }, observed };
  }
  return { finding: closed(facts, openings, open, next), observed };
}

function closed(
  { now, neededMinutes, patientSeconds }: WindowFacts,
  openings: readonly Opening[],
  open: Opening | undefined,
  next: Opening | undefined,
): Finding {
  const seen =
    open === undefined
      ? "No update window is open"
      : `The window that is open closes at ${open.to.toISOString()}, in ${counted(Math.floor(roomOf(open, now)), "minute")}, and the hop is likely to take ${neededMinutes}`;
  if (next === undefined) {
    const longest = Math.max(0, ...openings.map((opening) => roomOf(opening, opening.from)));
    const message = `${seen}; no window of the coming week has room for the hop's ${counted(neededMinutes, "minute")} (the longest has ${Math.floor(longest)}): lengthen palette:windows.`;
    return finding("fail", "WINDOW_TOO_SHORT", message);
  }
  const secondsAway = (next.from.getTime() - now.getTime()) / 1000;
  const message = `${seen}; the next one with room for the hop opens at ${next.from.toISOString()} and closes at ${next.to.toISOString()}: run this again then.`;
  return finding(secondsAway <= patientSeconds ? "wait" : "fail", "WINDOW_CLOSED", message);
}

/** Minutes that are left of an opening at `moment`. */
function roomOf({ to }: Opening, moment: Date): number {
  return (to.getTime() - moment.getTime()) / 60_000;
}

function spanOf(opening: Opening | undefined): Observed {
  return opening === undefined ? null : { from: opening.from.toISOString(), to: opening.to.toISOString() };
}

function finding(outcome: Finding["outcome"], code: string, message: string): Finding {
  return { outcome, code, member: null, message };
}
