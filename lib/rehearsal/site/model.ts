import type { Edition } from "../../matrix/types.js";
import type { Version } from "../../version/version.js";
import type { FaultSpec } from "../types.js";

/** Milliseconds since 1970 on the site's own clock. */
export type SiteTime = number;

/** A roll-out of the platform that has begun; nothing of a hop is stored beside it, all else follows from the time. */
export interface HopBegun {
  from: Version;
  to: Version;
  at: SiteTime;
}

/** A fault while it lasts, and afterwards for what it left behind. */
export interface OrderedFault extends FaultSpec {
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
  /** When in each quarter of an hour its agent asks for updates, and in each minute it sends a heartbeat. */
  phaseSeconds: number;
}

/** What a person (or an act of this tool) did to a gateway through the Palette API. */
export interface PcgDeed {
  clusterUid: string;
  /** Its own switch of platform updates, or the confirmation of what is pending. */
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
 * All that a simulated site remembers: what it was made of and what was done to it, with times. How it looks at a
 * moment is computed from this by pure functions of (model, time).
 */
export interface SiteModel {
  format: 1;
  edition: Edition;
  clusterUid: string;
  /** What the fault wrong-cluster shows instead. */
  otherClusterUid: string;
  createdAt: SiteTime;
  /** The latest moment that was saved: a resumed site goes on from here. */
  now: SiteTime;
  startVersion: Version;
  /** Made without an installation, and none has been deployed since. */
  empty?: true;
  /** Version of the last deployed revision of hubble. */
  installed: Version;
  hops: HopBegun[];
  /** By `namespace/name`. */
  secrets: Record<string, SecretObject>;
  /** Text entries by `namespace/name`, as acts wrote them. */
  configMaps?: Record<string, Record<string, string>>;
  resourceVersion: number;
  pcgs: PcgSeed[];
  /** Oldest first; absent in the state of a site that was made before there were any. */
  pcgDeeds?: PcgDeed[];
  apiKeys: Record<string, string>;
  faults: OrderedFault[];
}

export const seconds = 1000;
export const minutes = 60 * seconds;
export const days = 24 * 60 * minutes;

/** The chart that is Palette itself. */
export const paletteChart = "spectro-mgmt-plane";

/** The platform was installed so long before the site was started. */
export const installedBefore = 30 * days;

/** ISO 8601 with seconds, as the Kubernetes API writes times. */
export function isoSeconds(time: SiteTime): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString().replace(".000Z", "Z");
}
