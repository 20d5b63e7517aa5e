export const strategies = ["guideline", "fewest-hops"] as const;

export type Strategy = (typeof strategies)[number];

export const severities = ["info", "warning", "avoid", "block"] as const;

/** `avoid` steers intermediate stops away from the hop's target; `block` refuses the hop where its facts apply. */
export type Severity = (typeof severities)[number];

/** Where a fact comes from. `commit` is a git commit or, where the store knows none, `id <number>`. */
export interface Source {
  repository: string;
  path: string;
  commit: string;
}

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
