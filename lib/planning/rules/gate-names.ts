import { type GateName } from "./types.js";

export type { GateName };

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
