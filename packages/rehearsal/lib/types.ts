/** The simulated site: contract between its server, the rehearsal driver and the tests. */
import { type Version } from "../../../lib/planning/version/version.js";

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

/** A fault to inject. The optional fields narrow it; without them it lasts until it is cleared. */
export interface FaultSpec {
  name: FaultName;
  /** Active once the installed version is this one or newer. Default: from the start. */
  at?: Version;
  /**
   * `release-failed`, `release-pending-*`: version of the revision left behind. Default: `at`, which then only names
   * it.
   */
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
  /** JSON file in which the model is saved after each change, so that a rehearsal can be resumed. */
  stateFile: string | null;
  /** Faults to inject. A fault is active once the installed version is `at` (default: from the start). */
  faults: FaultSpec[];
  /** Directory for the generated kubeconfig. */
  directory: string;
  /** PCGs of the site, by tenant. Default: tenant `acme` with one CLI-installed and one existing-cluster PCG, tenant `globex` with one CLI-installed. */
  pcgs?: { tenant: string; name: string; selfHosted: boolean }[];
  /** Start time of a new site. Default: the machine's time. */
  startAt?: Date;
  /** Releases beside cert-manager and hubble. Default: none. */
  releases?: ("image-swap" | "reach-system")[];
  /** Called for each request before it is answered. */
  onRequest?: () => void;
}

export interface RunningSite {
  /** e.g. `http://127.0.0.1:40123`; Kubernetes API at `/`, Palette API at `/v1/...`, control at `/rehearsal/...`. */
  url: string;
  kubeconfig: string;
  /** API key by tenant: generated for each new site, stored in the state file. */
  apiKeys: Record<string, string>;
  clusterUid: string;
  /** PCG names by tenant as a stack should list them: without those that a fault adds. */
  pcgs: Record<string, string[]>;
  /** Environment for the program, gates and engine: `PALETTE_REHEARSAL=<url>/rehearsal`. */
  environment: Record<string, string>;
  /** Injects and clears faults of the running site, as `POST <base>/faults` does. */
  changeFaults(change: { add?: FaultSpec[]; clear?: FaultName[] }): Promise<void>;
  stop(): Promise<void>;
}
