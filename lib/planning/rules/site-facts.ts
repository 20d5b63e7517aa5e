export type { Severity, Source } from "./types.js";

export const strategies = ["guideline", "fewest-hops"] as const;

export type Strategy = (typeof strategies)[number];

/**
 * Known facts about the installation. `undefined` means not known: rows that depend on the fact are kept and say so.
 */
export interface SiteFacts {
  pcgs?: boolean | undefined;
  /** A network proxy, hence release reach-system. */
  reachSystem?: boolean | undefined;
  /** A self-hosted OCI registry or air gap, hence release image-swap. */
  imageSwap?: boolean | undefined;
  airgap?: boolean | undefined;
  /** Reached by IP address, not by a domain. */
  ipBased?: boolean | undefined;
  externalMongo?: boolean | undefined;
  cloud?: "eks" | "gke" | "aks" | "other" | undefined;
}
