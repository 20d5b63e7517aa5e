import { type Change, type Version } from "../../planning/version/version.js";

/** What the samples of one run leave for the next ones. The runner creates it; only a catch-up needs it. */
export interface RunMemory {
  /** By `tenant/name`. */
  gateways: ReadonlyMap<string, GatewayMemory>;
  /** The arrival of a deployed revision, kept once the agents' time has started, as nothing restarts it. */
  arrival: { revision: number; arrival: Arrival } | null;
}

/** Creates the memory of a run before its first sample. */
export function createRunMemory(): RunMemory {
  return { gateways: new Map(), arrival: null };
}

/** What earlier samples of this run saw of one PCG; the deadline never depends on it. Times are ISO 8601. */
export interface GatewayMemory {
  agentVersion: string;
  /** When this agent version was first seen. */
  versionSeenAt: string;
  /** True if this version was already there at this run's first sample, so that the change itself was not seen. */
  presentAtFirstSample: boolean;
  /** When a profile update was first seen pending; null if none was. */
  updateSeenAt: string | null;
}

/** The hop that agents must catch up with, and when their time started. */
export interface Arrival {
  version: Version;
  /** The previous version; equal to `version` if Helm's history has none. */
  from: Version;
  change: Change | "none";
  /** ISO 8601: when the version was first deployed; earlier gateway events belong to another version. */
  deployedAt: string;
  /** ISO 8601: when the agents' time started; null until the version is rolled out. */
  startedAt: string | null;
  /** Workloads, or the reason, that keep the agents' time from starting; empty once it has started. */
  notYet: string[];
}
