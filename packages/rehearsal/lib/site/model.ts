import type { Edition } from "../../../../lib/planning/matrix/types.js";
import type { Version } from "../../../../lib/planning/version/version.js";
import type { FaultSpec } from "../types.js";

/** Milliseconds since 1970 on the site's own clock. */
export type SiteTime = number;

/** A started roll-out of the platform. Only its start is stored; its progress is computed from the time. */
export interface StartedHop {
  from: Version;
  to: Version;
  at: SiteTime;
}

/** An injected fault; a cleared one stays recorded, as the timeline depends on it. */
export interface InjectedFault extends FaultSpec {
  /** Null: its version is not reached yet. */
  since: SiteTime | null;
  /** Null: not cleared. */
  until: SiteTime | null;
  /** Requests it has hit. */
  used: number;
}

export interface PcgSeed {
  tenant: string;
  name: string;
  uid: string;
  clusterUid: string;
  /** On an existing Kubernetes cluster: agent updates only. */
  selfHosted: boolean;
  /** Offset at which its agent polls for updates (every 15 minutes) and sends a heartbeat (every minute). */
  phaseSeconds: number;
}

/** What a person (or an act of this tool) did to a gateway through the Palette API. */
export interface PcgAction {
  clusterUid: string;
  /** Locking or unlocking the gateway's platform updates, or confirming its pending profile updates. */
  deed: "lock" | "unlock" | "confirm";
  at: SiteTime;
}

/** A Secret as the API serves it. */
export interface SecretObject {
  apiVersion: "v1";
  kind: "Secret";
  type: string;
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    creationTimestamp: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  data: Record<string, string>;
}

/**
 * The stored state of a simulated site: how it was created and what was done to it, with times. Its appearance at any
 * time is computed from this by pure functions of (model, time).
 */
export interface SiteModel {
  format: 1;
  edition: Edition;
  clusterUid: string;
  /** The cluster UID shown while the fault wrong-cluster is active. */
  otherClusterUid: string;
  createdAt: SiteTime;
  /** The site's time when it was last saved. */
  now: SiteTime;
  /** The machine's time at that moment: a resumed site is older by what has passed since. Absent in older files. */
  savedAt?: number;
  startVersion: Version;
  /** Created without an installation, and none has been deployed since. */
  empty?: true;
  /** Version of the last deployed revision of hubble. */
  installed: Version;
  hops: StartedHop[];
  /** By `namespace/name`. */
  secrets: Record<string, SecretObject>;
  /** Data by `namespace/name`, as acts wrote it. */
  configMaps?: Record<string, Record<string, string>>;
  resourceVersion: number;
  pcgs: PcgSeed[];
  /** Oldest first; absent in state files from before this field existed. */
  pcgDeeds?: PcgAction[];
  apiKeys: Record<string, string>;
  faults: InjectedFault[];
}

export const seconds = 1000;
export const minutes = 60 * seconds;
const days = 24 * 60 * minutes;

/** The chart that is Palette itself. */
export const paletteChart = "spectro-mgmt-plane";

/** How long before the site's start the platform was installed. */
export const installedBefore = 30 * days;

/** ISO 8601 with seconds, as the Kubernetes API writes times. */
export function formatIsoSeconds(time: SiteTime): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString().replace(".000Z", "Z");
}
