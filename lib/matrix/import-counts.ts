import type { ImportCounts } from "./import-types.js";
import type { PartitionedRows } from "./unique-rows.js";

/** Counts the rows of one matrix by mark. */
export function countRows({ rows, duplicates }: PartitionedRows, leftOut: number): ImportCounts {
  const countMarked = (mark: string): number => rows.filter((row) => row.mark === mark).length;
  return {
    rows: rows.length,
    supported: countMarked("supported"),
    unsupported: countMarked("unsupported"),
    conditional: countMarked("conditional"),
    duplicates: duplicates.length,
    leftOut,
  };
}
