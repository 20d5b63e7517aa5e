/** Milliseconds of one call of `work`. */
export function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** The middle one of several runs, after one that does not count. */
export function medianTime(runs: number, work: () => unknown): number {
  work();
  return median(Array.from({ length: runs }, () => timed(work)));
}

export function median(times: number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

/** `  12.34 ms`, right-aligned. */
export function milliseconds(time: number): string {
  return `${time.toFixed(2).padStart(10)} ms`;
}
