/** The simulated site: contract between its server, the rehearsal driver and the tests. */
import type { Version } from "../version/version.js";

export const faultNames = [
  "member-recovering",
  "member-lagging",
  "two-primaries",
  "member-unreachable",
  "fcv-6.0",
  "pcg-paused",
  "pcg-agent-stale",
  "pcg-profile-update-waiting",
  "tenant-not-covered",
  "release-failed",
  "release-pending-young",
  "release-pending-old",
  "release-fails",
  "rollout-stuck",
  "ingress-not-cut-over",
  "wrong-cluster",
  "api-500",
  "api-429",
  "api-slow",
  "api-connection-cut",
] as const;
export type FaultName = (typeof faultNames)[number];

/** A fault to order. The further fields narrow it; without them it lasts until it is cleared. */
export interface FaultSpec {
  name: FaultName;
  /** Shows from the moment the installed version is this one or newer. Default: from the start. */
  at?: Version;
  /** `release-failed`, `release-pending-*`: version of the begun revision. Default: `at`, which then only names the version. */
  version?: Version;
  /** `api-*`: how many requests it hits. Default: all. */
  count?: number;
  /** `api-*`: which API it hits. Default: `palette`. */
  target?: "palette" | "kubernetes";
}

export interface SimulatedSiteOptions {
  /** Version installed at the start; ignored when `stateFile` holds a site already. */
  version: Version;
  edition: "palette" | "vertex";
  /** A cluster on which nothing is installed yet; `version` is what an install is expected to bring. Default: false. */
  empty?: boolean;
  /** JSON file the model is saved in after each change, so that a rehearsal can be taken up again. */
  stateFile: string | null;
  /** Faults to order. A fault shows from the moment the installed version is `at` (default: from the start). */
  faults: FaultSpec[];
  /** Directory for the generated kubeconfig. */
  directory: string;
  /** PCGs of the site, by tenant. Default: tenant `acme` with one CLI-installed and one existing-cluster PCG, tenant `globex` with one CLI-installed. */
  pcgs?: { tenant: string; name: string; selfHosted: boolean }[];
  /** The site's time at the start of a fresh site. Default: the machine's. */
  startAt?: Date;
  /** Releases beside cert-manager and hubble. Default: none. */
  releases?: ("image-swap" | "reach-system")[];
  /** Told of each request before it is answered. */
  onRequest?: () => void;
}

export interface RunningSite {
  /** e.g. `http://127.0.0.1:40123`; Kubernetes API at `/`, Palette API at `/v1/...`, control at `/rehearsal/...`. */
  url: string;
  kubeconfig: string;
  /** API key by tenant: made up at each start-up of a fresh site, kept in the state file. */
  apiKeys: Record<string, string>;
  clusterUid: string;
  /** PCG names by tenant as a stack should list them: without those that a fault adds. */
  pcgs: Record<string, string[]>;
  /** Environment for the program, gates and engine: `PALETTE_REHEARSAL=<url>/rehearsal`. */
  environment: Record<string, string>;
  /** Orders and clears faults of the running site, as `POST <base>/faults` does. */
  order(change: { add?: FaultSpec[]; clear?: FaultName[] }): Promise<void>;
  stop(): Promise<void>;
}

/** Name of the environment variable that puts gates and program on the simulated site's clock; refused in production. */
export const rehearsalVariable = "PALETTE_REHEARSAL";

/** Set by the embedded engine for the programs it runs; counts in a rehearsal alone. */
export const embeddedVariable = "PALETTE_EMBEDDED_ENGINE";
