import { compareVersions } from "../../version/version.js";
import { type MatrixRow } from "../types.js";

/** Two rows of one pair of versions with different marks. */
export interface Contradiction {
  first: MatrixRow;
  second: MatrixRow;
  /** Indexes of both in the given list. */
  at: [number, number];
}

export interface PartitionedRows {
  /** The first of each pair of versions, in the order given. */
  rows: MatrixRow[];
  /** Later rows that differ from an earlier one at most in section and line. */
  duplicates: MatrixRow[];
  contradictions: Contradiction[];
}

/** Partitions rows into first ones, equal repeats and contradictions; every row is in exactly one of the three. */
export function partitionRows(given: readonly MatrixRow[]): PartitionedRows {
  // By source, then target: a joined key for each row takes most of the time of reading a large matrix.
  const firsts = new Map<string, Map<string, number>>();
  const result: PartitionedRows = { rows: [], duplicates: [], contradictions: [] };
  given.forEach((row, index) => {
    const ofSource = firsts.get(row.from) ?? new Map<string, number>();
    const earlier = ofSource.get(row.to);
    const first = earlier === undefined ? undefined : given[earlier];
    if (earlier === undefined || first === undefined) {
      firsts.set(row.from, ofSource.set(row.to, index));
      result.rows.push(row);
    } else if (first.mark === row.mark) {
      result.duplicates.push(row);
    } else {
      result.contradictions.push({ first, second: row, at: [earlier, index] });
    }
  });
  return result;
}

/**
 * True if a row leads to a newer release. A wildcard means the oldest release of its minor as source and the newest as
 * target, so `4.7.x -> 4.7.27` is an upgrade and `4.7.x -> 4.7.x` is not. Both must be releases or wildcards.
 */
export function isUpgradeRow(from: string, to: string): boolean {
  return from !== to && compareVersions(from.replace(/x$/, "0"), to.replace(/x$/, "999999")) < 0;
}
