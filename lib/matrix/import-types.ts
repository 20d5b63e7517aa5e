import type { Edition, MatrixRow, MatrixSource, Method } from "./types.js";

/** What is known beside the text of a page: asked of the user, or where the page lies. */
export interface ImportHint {
  edition?: Edition | undefined;
  method?: Method | undefined;
  /** The page's path in its repository, or the name of the file. */
  path?: string | undefined;
}

/** A row that stands on the page and is not among the rows read. */
export interface LeftOutRow {
  line: number;
  reason: string;
  /** The row as the page writes it, blanks shortened. */
  text: string;
  /** The matrix whose table it stands in; null where it stands in none. */
  edition: Edition | null;
  method: Method | null;
}

/** A table of another kind, left alone. */
export interface OtherTable {
  line: number;
  heading: string[];
  rows: number;
}

/** rows = supported + unsupported + conditional; rows there = rows + duplicates + leftOut. */
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

/** All that a page holds of upgrade paths: nothing that looks like a row is in neither `matrices` nor `leftOut`. */
export interface ImportedPage {
  matrices: ImportedMatrix[];
  leftOut: LeftOutRow[];
  otherTables: OtherTable[];
  /** Sentences for people, with the line in the text. */
  warnings: string[];
  /** Where the rows came from, if the file itself says so (tables of rows do, pages do not). */
  source?: MatrixSource;
}
