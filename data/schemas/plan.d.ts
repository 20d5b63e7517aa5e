/** Generated from data/schemas by `npm run generate`: change the schemas, not this file. */

export type Version = string;
export type Sha256 = string;
export type Day = string;

export interface Plan {
  schemaVersion: 1;
  outcome: "route" | "none-needed" | "refused";
  from: Version;
  /** The version a route leads to; for a refusal the target as asked for. */
  to: string;
  strategy: "guideline" | "fewest-hops";
  hops: Hop[];
  warnings: Warning[];
  refusal: Refusal | null;
  matrix: PlanMatrix;
  /** sha256 over route, matrix sha256, the advisories that apply and chart digests; changes when any of them does. */
  fingerprint: Sha256;
}
/** One stack update: one supported row with its gates, acts and advisories. */
export interface Hop {
  from: Version;
  to: Version;
  change: "patch" | "minor" | "major";
  /** Minors between `from` and `to` that the matrix lists and this hop skips, e.g. `["4.5"]`. */
  skips: string[];
  gates: PlannedGate[];
  acts: PlannedAct[];
  advisories: PlannedAdvisory[];
  ownRow?: OwnRowApproval;
}
export interface PlannedGate {
  name:
    | "mongo-replica-set"
    | "mongo-fcv"
    | "pcg-readiness"
    | "pcg-catch-up"
    | "helm-release"
    | "rollout"
    | "ingress"
    | "ingress-exposure"
    | "kubernetes-version"
    | "values"
    | "images"
    | "backup"
    | "window"
    | "promotion";
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
  severity: "info" | "warning" | "avoid" | "block";
  summary: string;
  source: Source;
}
/** Where a fact comes from. */
export interface Source {
  repository: string;
  path: string;
  /** The commit at which the page was read; absent where it is not known. */
  commit?: string;
  /** What the page was seen in where its commit is not known. */
  seenIn?: string;
  /** The heading over the fact. */
  section: string;
  /** The page at that commit. */
  link: string;
}
/** Present if no row of the vendor's, but one of the site's own, allows this hop. */
export interface OwnRowApproval {
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
/** One row as published. `from`/`to` are an exact release or a wildcard (`4.1.x`). */
export interface MatrixRow {
  from: string;
  to: string;
  mark: "supported" | "unsupported" | "conditional";
  /** The page's section the row stands in, e.g. `4.7.x`; empty where the page has none. */
  section: string;
  /** Line of the row in the source page, 1-based; null where the rows came from a table without lines. */
  line: number | null;
}
export interface OtherMatrix {
  id: string;
  /** True if it is of the same edition and install method as asked for. */
  valid: boolean;
  /** The stops after the source, the target last. */
  route: Version[];
}
export interface PlanMatrix {
  id: string;
  edition: "palette" | "vertex";
  method: "kubernetes" | "vmware" | "appliance";
  source: MatrixSource;
  sha256: Sha256;
  readOn: Day;
  /** Whole days between `readOn` and the day of planning. */
  ageDays: number;
  /** What the newest shipped matrix of the same edition and method would plan; null if this one is the newest. */
  newer: NewerMatrix | null;
}
/** Where the rows were read. */
export interface MatrixSource {
  repository: string;
  path: string;
  commit: string;
}
/** A newer matrix and whether it would change the route. */
export interface NewerMatrix {
  id: string;
  readOn: Day;
  effect: "same" | "other-road" | "no-road";
  /** Its stops after the source, the target last; empty if it has no route. */
  route: Version[];
}
