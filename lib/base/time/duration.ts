/** Formats a duration for a person: seconds below two minutes, then whole minutes, hours or days. */
export function formatDuration(seconds: number): string {
  const units: [string, number][] = [
    ["days", 86_400],
    ["hours", 3600],
    ["minutes", 60],
  ];
  const [name, size] = units.find(([, unitSeconds]) => seconds >= 2 * unitSeconds) ?? ["s", 1];
  return `${Math.max(0, Math.round(seconds / size))} ${name}`;
}

const units = [
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
  ["s", 1],
  ["ms", 0.001],
] as const;

/** Durations with units from large to small. */
export const durationPattern = /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Advice on how a duration is written. */
export const durationAdvice = 'write a duration with its unit, e.g. "90s", "15m" or "1h30m"';

/** Longest duration that is accepted: a year. */
const longestSeconds = 366 * 86_400;

/**
 * Parses a duration as people write it (`90s`, `15m`, `1h30m`; units d, h, m, s, ms from large to small) to seconds.
 *
 * @throws RangeError with what to write instead.
 */
export function parseDuration(text: string): number {
  const parts = durationPattern.exec(text)?.slice(1);
  if (parts === undefined) throw new RangeError(durationAdvice);
  const milliseconds = parts.reduce((sum, part, i) => sum + Number(part ?? 0) * Math.round(units[i]![1] * 1000), 0);
  if (milliseconds > longestSeconds * 1000) throw new RangeError('write a duration of at most "366d"');
  return milliseconds / 1000;
}

/** Writes a duration so that {@link parseDuration} reads it, to the millisecond: `1h30m`, `24h`, `7d`; zero is `0s`. */
export function formatCompactDuration(seconds: number): string {
  let rest = Math.round(seconds * 1000);
  const parts = units.map(([name, size]) => {
    if (name === "d" && rest < 2 * size * 1000) return "";
    const count = Math.floor(rest / Math.round(size * 1000));
    rest -= count * Math.round(size * 1000);
    return count === 0 ? "" : `${count}${name}`;
  });
  return parts.join("") || "0s";
}
