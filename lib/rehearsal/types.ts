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

export interface SimulatedSiteOptions {
  /** Version installed at the start; ignored when `stateFile` holds a site already. */
  version: Version;
  edition: "palette" | "vertex";
  /** JSON file the model is saved in after each change, so that a rehearsal can be taken up again. */
  stateFile: string | null;
  /** Faults to order. A fault shows from the moment the installed version is `at` (default: from the start). */
  faults: { name: FaultName; at?: Version }[];
  /** Directory for the generated kubeconfig. */
  directory: string;
  /** PCGs of the site, by tenant. Default: tenant `acme` with one CLI-installed and one existing-cluster PCG, tenant `globex` with one CLI-installed. */
  pcgs?: { tenant: string; name: string; selfHosted: boolean }[];
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
  stop(): Promise<void>;
}

/** Name of the environment variable that puts gates and program on the simulated site's clock; refused in production. */
export const rehearsalVariable = "PALETTE_REHEARSAL";
