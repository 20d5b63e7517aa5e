/** What a probe has counted, and what each count has to be. */
export interface Measure {
  what: string;
  seen: string;
  /** Empty for what is only stated. */
  expected: string;
  holds: boolean;
}

export interface ProbeResult {
  probe: string;
  measures: Measure[];
  /** What did not hold, so that it can be made again: at most `mostFaults`. */
  faults: string[];
}

const mostFaults = 20;

/** Counts the cases of one probe. */
export class Tally {
  cases = 0;
  readonly #counts = new Map<string, number>();
  readonly #faults: string[] = [];

  count(what: string): void {
    this.#counts.set(what, this.get(what) + 1);
  }

  /** Counts what must not be, with how it came about. */
  fault(what: string, how: string): void {
    this.count(what);
    if (this.#faults.length < mostFaults) this.#faults.push(`${what}: ${how}`);
  }

  get(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  get faults(): string[] {
    return this.#faults;
  }

  requireNone(what: string): Measure {
    return { what, seen: String(this.get(what)), expected: "0", holds: this.get(what) === 0 };
  }

  requireSome(what: string): Measure {
    return { what, seen: String(this.get(what)), expected: "1 or more", holds: this.get(what) > 0 };
  }
}

export function requireAtMost(what: string, seen: number, most: number, unit: string): Measure {
  return { what, seen: `${seen.toFixed(0)} ${unit}`, expected: `at most ${most} ${unit}`, holds: seen <= most };
}

export function requireCases(seen: number, wanted: number): Measure {
  return { what: "cases", seen: String(seen), expected: `${wanted} or more`, holds: seen >= wanted };
}

export function state(what: string, seen: string): Measure {
  return { what, seen, expected: "", holds: true };
}

/** Formats a plain table, a row a measure. */
export function formatResult({ probe, measures, faults }: ProbeResult): string {
  const rows = measures.map(({ what, seen, expected, holds }) =>
    [probe.padEnd(10), what.padEnd(44), seen.padStart(10), expected.padEnd(18), holds ? "" : "NOT SO"]
      .join("  ")
      .trimEnd(),
  );
  return [...rows, ...faults.map((fault) => `  ${fault}`)].join("\n");
}
