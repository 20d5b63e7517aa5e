/** Shapes of a matrix: one version of the vendor's upgrade page for one edition and one install method. */
import { type MatrixRow, type MatrixSource } from "../../../data/schemas/plan.js";

export type { MatrixRow, MatrixSource };

export const editions = ["palette", "vertex"] as const;
export type Edition = (typeof editions)[number];

export const methods = ["kubernetes", "vmware", "appliance"] as const;
export type Method = (typeof methods)[number];

/** `conditional` is the vendor's "by way of another hop": recorded, but never an edge. */
export const marks = ["supported", "unsupported", "conditional"] as const;
export type Mark = (typeof marks)[number];

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
