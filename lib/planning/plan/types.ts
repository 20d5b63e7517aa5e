/**
 * The plan object: every renderer, the program and the driver read this and nothing else.
 * Its JSON form is the contract of design 8, `data/schemas/plan.schema.json`.
 */
import { type GateName } from "../rules/gate-names.js";
import { type Edition, type MatrixRow, type MatrixSource, type Method } from "../matrix/types.js";
import { type Severity, type SiteFacts, type Source, type Strategy } from "../rules/site-facts.js";
import { type Change, type Version } from "../version/version.js";

export const planSchemaVersion = 1;

export interface PlannedGate {
  name: GateName;
  when: "before" | "after";
  mandatory: boolean;
  /** One sentence: why this hop needs this gate. */
  because: string;
}

export interface PlannedAct {
  name: string;
  when: "before" | "after";
  text: string;
  irreversible: boolean;
}

export interface PlannedAdvisory {
  id: string;
  severity: Severity;
  summary: string;
  source: Source;
}

/** One stack update: one supported row with its gates, acts and advisories. */
export interface Hop {
  from: Version;
  to: Version;
  change: Change;
  /** Minors between `from` and `to` that the matrix lists and this hop skips, e.g. `["4.5"]`. */
  skips: string[];
  gates: PlannedGate[];
  acts: PlannedAct[];
  advisories: PlannedAdvisory[];
  /** Present if no row of the vendor's, but one of the site's own, allows this hop. */
  ownRow?: Omit<OwnRow, "from" | "to">;
}

/** A row of a site's own, `palette:extraRows`: never mixed into a matrix, and marked as such everywhere. */
export interface OwnRow {
  from: Version;
  to: Version;
  /** Who approved it. */
  approvedBy: string;
  /** Where the approval is recorded; empty only for a row tried on the command line. */
  link: string;
  because: string;
}

/** Stable codes: DEAD_END, STRANDED, STALE_MATRIX, SKIPPED_MINOR, PAGE_RULE, AVOIDED_STOP, DEFAULT_MATRIX, … */
export interface Warning {
  code: string;
  message: string;
}

export interface OtherMatrix {
  id: string;
  /** True if it is of the same edition and install method as asked for. */
  valid: boolean;
  /** The stops after the source, the target last. */
  route: Version[];
}

/** Why there is no plan, and the alternatives. All lists are sorted by version. */
export interface Refusal {
  /** NO_ROUTE, DOWNGRADE, SOURCE_UNKNOWN, SOURCE_TOO_OLD, SOURCE_TOO_NEW, TARGET_UNKNOWN, TARGET_RANGE_EMPTY, … */
  code: string;
  message: string;
  /** Versions that can be reached from the source, never past the target. */
  reachable: Version[];
  highestReachable: Version | null;
  /** Where the routes end: the source or reachable versions without a supported row towards the target. */
  frontier: Version[];
  /** The newest version below and the oldest above the source that reach the target. */
  nearest: Version[];
  /** Rows that refuse, or do not fully support, a pair that would have helped. */
  refusedBy: MatrixRow[];
  /** Listed releases close to one at fault; they must not be mistaken for it. */
  nearMisses: Version[];
  /** Other shipped matrices that have a route. */
  otherMatrices: OtherMatrix[];
}

export interface PlanMatrix {
  id: string;
  edition: Edition;
  method: Method;
  source: MatrixSource;
  sha256: string;
  readOn: string;
  /** Whole days between `readOn` and the day of planning. */
  ageDays: number;
  /** What the newest shipped matrix of the same edition and method would plan; null if this one is the newest. */
  newer: NewerMatrix | null;
}

/** A newer matrix and whether it would change the route. */
export interface NewerMatrix {
  id: string;
  readOn: string;
  effect: "same" | "other-road" | "no-road";
  /** Its stops after the source, the target last; empty if it has no route. */
  route: Version[];
}

export interface Plan {
  schemaVersion: typeof planSchemaVersion;
  outcome: "route" | "none-needed" | "refused";
  from: Version;
  /** The version a route leads to; for a refusal the target as asked for. */
  to: string;
  strategy: Strategy;
  hops: Hop[];
  warnings: Warning[];
  refusal: Refusal | null;
  matrix: PlanMatrix;
  /** sha256 over route, matrix sha256, the advisories that apply and chart digests; changes when any of them does. */
  fingerprint: string;
}

export interface PlanRequest {
  from: Version;
  /** Exact release, series (`4.7`, `4.7.x`) or semver range. */
  target: string;
  strategy: Strategy;
  via: Version[];
  avoid: Version[];
  facts: SiteFacts;
  /** `YYYY-MM-DD`, for the age of the data. */
  today: string;
  /** Rows of the site's own; they fill gaps in the vendor's page. */
  extraRows?: OwnRow[];
  /** sha256 of each chart of the route, where known; part of the fingerprint. */
  chartDigests?: Record<string, string>;
}
