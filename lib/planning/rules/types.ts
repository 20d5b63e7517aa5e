import { type ActRow, type AdvisoryRow, type GateName, type GateRow, type Role } from "../../../data/schemas/rows.js";

/** Rows of data/: what a hop needs and what is known about it. */
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

/** Every gate the plan may name; `own-check` stands for each of the installation's own (`palette:checks`). */
export const gateNames = [
  "mongo-replica-set",
  "mongo-fcv",
  "pcg-readiness",
  "pcg-catch-up",
  "helm-release",
  "rollout",
  "ingress",
  "ingress-exposure",
  "kubernetes-version",
  "values",
  "images",
  "backup",
  "window",
  "promotion",
  "own-check",
] as const satisfies readonly GateName[];
