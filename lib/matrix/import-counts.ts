import type { ImportCounts } from "./import-types.js";
import type { UniqueRows } from "./unique-rows.js";

/** The counts of one matrix. */
export function countRows({ rows, duplicates }: UniqueRows, leftOut: number): ImportCounts {
  const marked = (mark: string): number => rows.filter((row) => row.mark === mark).length;
  return {
    rows: rows.length,
    supported: marked("supported"),
    unsupported: marked("unsupported"),
    conditional: marked("conditional"),
    duplicates: duplicates.length,
    leftOut,
  };
}
