import type { GateSettings } from "../../settings/gate-settings.js";

export type UpdateWindow = GateSettings["windows"][number];

/** A span of time in which updates may begin. */
export interface Opening {
  from: Date;
  to: Date;
}

const dayMilliseconds = 86_400_000;
const dayNames: readonly UpdateWindow["days"][number][] = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
];

/**
 * Lists when the windows are open, from the day before `now` to `days` days later, oldest first; windows that touch or
 * overlap become one opening. A window's day is the day it opens; one whose closing time is at or before its opening
 * time closes the next day. When clocks change, a time of day that is skipped or occurs twice is resolved to give the
 * shorter opening.
 *
 * @throws RangeError for a zone that this machine does not know.
 */
export function listOpenings(windows: readonly UpdateWindow[], now: Date, days: number): Opening[] {
  const openings = windows.flatMap((window) => listWindowOpenings(window, now, days));
  return mergeOpenings(
    openings.filter(({ from, to }) => from < to).sort((a, b) => a.from.getTime() - b.from.getTime()),
  );
}

function listWindowOpenings({ days, from, to, zone }: UpdateWindow, now: Date, count: number): Opening[] {
  const today = getLocalMidnight(zone, now);
  return Array.from({ length: count + 1 }, (_, index) => today + (index - 1) * dayMilliseconds)
    .filter((day) => days.includes(dayNames[new Date(day).getUTCDay()]!))
    .map((day) => ({
      from: getLatest(findInstants(zone, day + parseMinutes(from) * 60_000)),
      to: getEarliest(findInstants(zone, day + (to <= from ? dayMilliseconds : 0) + parseMinutes(to) * 60_000)),
    }));
}

function mergeOpenings(sorted: readonly Opening[]): Opening[] {
  const result: Opening[] = [];
  for (const opening of sorted) {
    const last = result.at(-1);
    if (last === undefined || opening.from > last.to) result.push({ ...opening });
    else if (opening.to > last.to) last.to = opening.to;
  }
  return result;
}

/** Returns midnight of the local day that contains `instant`, expressed as if it were UTC (milliseconds). */
function getLocalMidnight(zone: string, instant: Date): number {
  const wall = getWallTime(zone, instant);
  return wall - (wall % dayMilliseconds);
}

/**
 * Finds the instants at which a wall clock in `zone` shows `wall` (expressed as UTC): one, or two if that time occurs
 * twice; for a skipped time, the instants by the offset before and by the offset after the change.
 */
function findInstants(zone: string, wall: number): Date[] {
  const offsets = [-1, 1].map((side) => {
    const near = new Date(wall + side * dayMilliseconds);
    return getWallTime(zone, near) - near.getTime();
  });
  const candidates = [...new Set(offsets)].map((offset) => new Date(wall - offset));
  const exact = candidates.filter((instant) => getWallTime(zone, instant) === wall);
  return exact.length > 0 ? exact : candidates;
}

const formatsByZone = new Map<string, Intl.DateTimeFormat>();

/** Returns what a wall clock in `zone` shows at `instant`, to the second, expressed as UTC (milliseconds). */
function getWallTime(zone: string, instant: Date): number {
  let format = formatsByZone.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatsByZone.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"], parts["hour"], parts["minute"], parts["second"]);
}

function parseMinutes(clockTime: string): number {
  const [hours, minutes] = clockTime.split(":").map(Number);
  return hours! * 60 + minutes!;
}

function getLatest(instants: readonly Date[]): Date {
  return new Date(Math.max(...instants.map((instant) => instant.getTime())));
}

function getEarliest(instants: readonly Date[]): Date {
  return new Date(Math.min(...instants.map((instant) => instant.getTime())));
}
