/** The contract of a gate: it only reads; probe -> parse -> pure judge; `unknown` blocks as `fail` does. */
import { type MeasuredHop } from "../../planning/plan/estimate.js";
import { type Clock } from "../../base/time/clock.js";
import { type ObservedRelease, type Site } from "../../site/types.js";
import { type GateSettings } from "../../settings/gate-settings.js";
import { type Change, type Version } from "../../planning/version/version.js";
import { type GateName } from "../../planning/rules/types.js";
import { type RunMemory } from "./run-memory.js";

export { gateNames, type GateName } from "../../planning/rules/types.js";

/** `wait` may still become `pass`; `fail` needs a person; `unknown` could not be judged and blocks. */
export type Outcome = "pass" | "wait" | "fail" | "unknown";

export interface Reason {
  /** Stable, UPPER_SNAKE_CASE. */
  code: string;
  /** The member, PCG, pod, release, … at fault; null where the reason is about the whole. */
  member: string | null;
  /** Who is at fault, what was seen, what is expected, and what to do. */
  message: string;
}

/** A JSON value; never contains a secret. */
export type Observed = null | boolean | number | string | Observed[] | { [key: string]: Observed };

export interface Verdict {
  gate: GateName;
  outcome: Outcome;
  /** Every reason found, not only the first. A pass may carry remarks with code NOT_APPLICABLE or NOTE. */
  reasons: Reason[];
  /** What was seen, for the report and as evidence in state. */
  observed: Observed;
  /**
   * True for an `unknown` whose every reason is a transient fault of network, server or throttling: the runner samples
   * again until the deadline. Default: an `unknown` ends the run.
   */
  transient?: boolean;
  /** Reasons that people have accepted, where there are any; they no longer block. */
  accepted?: AcceptedReason[];
}

/** Evidence of one reason that was accepted, and by whom. */
export interface AcceptedReason {
  code: string;
  /** The reason's `member`; "*" where it is about the whole. */
  subject: string;
  by: string;
  because: string;
  ticket: string;
  /** Last day it counts, `YYYY-MM-DD`. */
  until: string;
}

/** The hop that a gate judges. `from` is the live version; equal to `to` when no release moves. */
export interface Edge {
  from: Version;
  to: Version;
  change: Change | "none";
}

export interface GateInput {
  when: "before" | "after";
  edge: Edge;
  /** True when a hop in progress is resumed: messages then say what the unfinished hop explains. */
  resuming: boolean;
  settings: GateSettings;
  site: Site;
  clock: Clock;
  /** Agent versions recorded before the hop, by `tenant/name`; empty when none were recorded. */
  baseline: Record<string, string>;
  /** Digest of the applied profiles recorded before the hop, by `tenant/name`; absent where none were recorded. */
  profileBaseline?: Record<string, string>;
  /** The revision of each release when the installed version was settled; absent where nothing was recorded. */
  settledRevisions?: SettledRevision[];
  /** The destination is installed from nothing: before it there is no installation to judge. */
  install?: boolean;
  /** The hop whose next release is about to move; absent where none is. */
  begun?: BegunHop;
  /** Judge only this PCG, `tenant/name` (all listed ones when absent); of `own-check`: the name of the check. */
  only?: string;
  /** Verified hops of the previous stage that lead to this destination; absent where there is no previous stage. */
  promoted?: PromotedHop[];
  /** Hops of the route after this one; absent where there is none. */
  ahead?: HopPair[];
  /** Earlier hops of this stack and how long they took; absent where none was timed. */
  measured?: MeasuredHop[];
  /** What earlier samples of this run left; absent where only one is taken. */
  memory?: RunMemory;
  /** ISO 8601: when the root domain was proved to lead to the new ingress; the clock of a catch-up starts no earlier. */
  ingressProvedAt?: string;
}

/** A hop or an install that may have installed its destination while other releases of the set are still to move. */
export interface BegunHop {
  /** The version that it leads away from; null: an install from nothing. */
  from: Version | null;
}

/** The revision of one release when a version was settled. */
export interface SettledRevision {
  role: ObservedRelease["role"];
  revision: number;
  /** sha256 of the user-supplied values. */
  valuesDigest: string;
}

/** A hop by its two ends. */
export interface HopPair {
  from: Version;
  to: Version;
}

/** A hop that the previous stage has finished and verified. */
export interface PromotedHop {
  from: Version;
  to: Version;
  /** sha256 of each chart by role, where recorded. */
  chartDigests: Record<string, string>;
  /** ISO 8601: when its checks had passed. */
  verifiedAt: string;
}

export interface GateTiming {
  deadlineSeconds: number;
  intervalSeconds: number;
  /** Consecutive passing samples needed. */
  samples: number;
}

export interface Gate {
  name: GateName;
  timing: GateTiming;
  /** `every-release`: hooks judge it again before each release moves; `start-only`: before the first that moves in a run. */
  recheck: "every-release" | "start-only";
  /**
   * One sample. Never throws for what a site answers: errors of the network or of permission become `wait` or
   * `unknown` reasons. Throws only when `signal` is aborted.
   */
  sample(input: GateInput, signal: AbortSignal): Promise<Verdict>;
  /** Two samples that differ in this key are not consecutive (e.g. another primary). Default: always the same. */
  stableKey?(verdict: Verdict): string;
}

/** The end of a gate's run. `outcome` is never `wait`: at the deadline `wait` becomes `fail` with reason DEADLINE. */
export interface GateReport extends Verdict {
  outcome: Exclude<Outcome, "wait">;
  /** The gateway `tenant/name` or the own check that alone was judged; absent where the gate is about the whole. */
  subject?: string;
  when: "before" | "after";
  from: Version;
  to: Version;
  /** ISO 8601, of the site's clock. */
  startedAt: string;
  finishedAt: string;
  samples: number;
}
