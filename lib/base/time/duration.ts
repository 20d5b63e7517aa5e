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
