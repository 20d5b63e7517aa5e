/** Rows of data/: what a hop needs and what is known about it. */
import { type ActRow, type AdvisoryRow, type GateRow, type Role } from "../../../data/schemas/rows.js";

export type * from "../../../data/schemas/rows.js";

/** A row about hops. */
export type RuleRow = GateRow | ActRow | AdvisoryRow;

export const roles = [
  "cert-manager",
  "spectro-mgmt-crds",
  "image-swap",
  "reach-system",
  "hubble",
] as const satisfies readonly Role[];
