/** Formats ascending hop numbers: `hop 2`, `hops 1-3, 5`. */
export function formatHopNumbers(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of [...new Set(numbers)]) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  const ranges = runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
  return `${new Set(numbers).size === 1 ? "hop" : "hops"} ${ranges}`;
}
