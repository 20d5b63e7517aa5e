/** Shapes of a matrix: one version of the vendor's upgrade page for one edition and one install method. */

export const editions = ["palette", "vertex"] as const;
export type Edition = (typeof editions)[number];

export const methods = ["kubernetes", "vmware", "appliance"] as const;
export type Method = (typeof methods)[number];

/** `conditional` is the vendor's "by way of another hop": recorded, but never an edge. */
export const marks = ["supported", "unsupported", "conditional"] as const;
export type Mark = (typeof marks)[number];

/** One row as published. `from`/`to` are an exact release or a wildcard (`4.1.x`). */
export interface MatrixRow {
  from: string;
  to: string;
  mark: Mark;
  /** The page's section the row stands in, e.g. `4.7.x`; empty where the page has none. */
  section: string;
  /** Line of the row in the source page, 1-based; null where the rows came from a table without lines. */
  line: number | null;
}

/** Where the rows were read. */
export interface MatrixSource {
  repository: string;
  path: string;
  commit: string;
}

/** A matrix as used by the planner. Rows are unique; contradictions were rejected on loading. */
export interface Matrix {
  /** `<edition>-<method>-<newest version>`, e.g. `palette-kubernetes-4.7.20`; for a file of the user's, its path. */
  id: string;
  edition: Edition;
  method: Method;
  source: MatrixSource;
  /** The day the page was read, `YYYY-MM-DD`. */
  readOn: string;
  rows: MatrixRow[];
  /** sha256 of the matrix file's bytes, hexadecimal. */
  sha256: string;
}
