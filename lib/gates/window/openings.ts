import type { GateSettings } from "../../stack/gate-settings.js";

export type UpdateWindow = GateSettings["windows"][number];

/** A span of time in which updates may begin. */
export interface Opening {
  from: Date;
  to: Date;
}

const dayMilliseconds = 86_400_000;
const dayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/**
 * When the windows are open, from the day before `now` for `days` days, oldest first; windows that touch or overlap are one
 * opening. A day names when a window opens; one that closes at or before the time it opens closes the next day. Where clocks
 * are put forward or back, a time of day that is skipped or comes twice is read so that the opening is the shorter one.
 *
 * @throws RangeError for a zone that this machine does not know.
 */
export function openingsOf(windows: readonly UpdateWindow[], now: Date, days: number): Opening[] {
  const openings = windows.flatMap((window) => openingsOfOne(window, now, days));
  return merged(openings.filter(({ from, to }) => from < to).sort((a, b) => a.from.getTime() - b.from.getTime()));
}

function openingsOfOne({ days, from, to, zone }: UpdateWindow, now: Date, count: number): Opening[] {
  const today = localDay(zone, now);
  return Array.from({ length: count + 1 }, (_, index) => today + (index - 1) * dayMilliseconds)
    .filter((day) => days.includes(dayNames[new Date(day).getUTCDay()]!))
    .map((day) => ({
      from: latest(instantsOf(zone, day + minutesOf(from) * 60_000)),
      to: earliest(instantsOf(zone, day + (to <= from ? dayMilliseconds : 0) + minutesOf(to) * 60_000)),
    }));
}

function merged(sorted: readonly Opening[]): Opening[] {
  const result: Opening[] = [];
  for (const opening of sorted) {
    const last = result.at(-1);
    if (last === undefined || opening.from > last.to) result.push({ ...opening });
    else if (opening.to > last.to) last.to = opening.to;
  }
  return result;
}

/** Midnight of the local day that `instant` lies in, written as if it were UTC. */
function localDay(zone: string, instant: Date): number {
  const wall = wallTime(zone, instant);
  return wall - (wall % dayMilliseconds);
}

/**
 * The instants at which a wall clock in `zone` may be said to show `wall` (written as UTC): one, or two where that time comes
 * twice or, for a time that is skipped, by the clock before and by the clock after.
 */
function instantsOf(zone: string, wall: number): Date[] {
  const offsets = [-1, 1].map((side) => {
    const near = new Date(wall + side * dayMilliseconds);
    return wallTime(zone, near) - near.getTime();
  });
  const candidates = [...new Set(offsets)].map((offset) => new Date(wall - offset));
  const exact = candidates.filter((instant) => wallTime(zone, instant) === wall);
  return exact.length > 0 ? exact : candidates;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a wall clock in `zone` shows at `instant`, to the second, written as UTC. */
function wallTime(zone: string, instant: Date): number {
  let format = formats.get(zone);
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
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"], parts["hour"], parts["minute"], parts["second"]);
}

function minutesOf(clockTime: string): number {
  const [hours, minutes] = clockTime.split(":").map(Number);
  return hours! * 60 + minutes!;
}

function latest(instants: readonly Date[]): Date {
  return new Date(Math.max(...instants.map((instant) => instant.getTime())));
}

function earliest(instants: readonly Date[]): Date {
  return new Date(Math.min(...instants.map((instant) => instant.getTime())));
}
