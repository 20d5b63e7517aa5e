import { type Edition, type MatrixRow, type MatrixSource, type Method } from "../types.js";
import { type PartitionedRows } from "./unique-rows.js";

/** What is known besides the text of a page: given by the user, or implied by the page's location. */
export interface ImportHint {
  edition?: Edition | undefined;
  method?: Method | undefined;
  /** The page's path in its repository, or the name of the file. */
  path?: string | undefined;
}

/** A row of the page that was not imported. */
export interface LeftOutRow {
  line: number;
  reason: string;
  /** The row as written on the page, with white space shortened. */
  text: string;
  /** Edition, and below the method, of the matrix whose table holds the row; null if no table does. */
  edition: Edition | null;
  method: Method | null;
}

/** A table that is not an upgrade table and was ignored. */
export interface OtherTable {
  line: number;
  heading: string[];
  rows: number;
}

/** rows = supported + unsupported + conditional; rows on the page = rows + duplicates + leftOut. */
export interface ImportCounts {
  rows: number;
  supported: number;
  unsupported: number;
  conditional: number;
  /** Later rows equal to an earlier one, kept once. */
  duplicates: number;
  leftOut: number;
}

export interface ImportedMatrix {
  edition: Edition;
  method: Method;
  /** Unique, in the order of the page. */
  rows: MatrixRow[];
  counts: ImportCounts;
}

/** A matrix of a page that cannot be taken; nothing of it is. */
export interface StoppedMatrix {
  /** Null where the page does not say. */
  edition: Edition | null;
  method: Method | null;
  code: "MATRIX_CONTRADICTION" | "PAGE_TABLE_MOVED";
  message: string;
  next: string;
  /** Rows of it that stand on the page. */
  rows: number;
}

/** The upgrade paths of a page. Everything that looks like a row is in `matrices`, `stopped` or `leftOut`. */
export interface ImportedPage {
  matrices: ImportedMatrix[];
  stopped: StoppedMatrix[];
  leftOut: LeftOutRow[];
  otherTables: OtherTable[];
  /** Sentences for people, with the line in the text. */
  warnings: string[];
  /** Where the rows come from, if the file itself says so (JSON tables of rows do, pages do not). */
  source?: MatrixSource;
}

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
