/** Generated from data/schemas by `npm run generate`: change the schemas, not this file. */

export type Change = "patch" | "minor" | "major";
export type Edition = "palette" | "vertex";
export type Editions = Edition[];
export type Method = "kubernetes" | "vmware" | "appliance";
export type Methods = Method[];
/** Gates that rows ask for. */
export type PlannedGateName =
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
/** Every gate; `own-check` stands for each of the installation's own (`palette:checks`). */
export type GateName = PlannedGateName | "own-check";
/** `avoid` steers intermediate stops away from the hop's target; `block` refuses the hop where its facts apply. */
export type Severity = "info" | "warning" | "avoid" | "block";
export type Role = "cert-manager" | "spectro-mgmt-crds" | "image-swap" | "reach-system" | "hubble";
export type Changes = Change[];
export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet";
/**
 * `*`: every gate.
 *
 */
export type Gates = (GateName | "*")[];

export interface RowsByFile {
  gates: GateRow;
  acts: ActRow;
  advisories: AdvisoryRow;
  kubernetes: KubernetesRow;
  "kubernetes-eol": KubernetesEolRow;
  "bundled-kubernetes": BundledKubernetesRow;
  agents: AgentRow;
  charts: ReleaseRow;
  durations: DurationRow;
  traces: TraceRow;
  fcv: CompatibilityRow;
  "value-keys": ValueKeyRow;
  workloads: WorkloadRow;
  "hop-effects": HopEffectRow;
  "never-accepted": NeverAcceptedRow;
  "not-now": NotNowRow;
  "palette-api": PaletteApiRow;
  "pcg-workloads": PcgWorkloadRow;
  exposure: ExposureRow;
  "gate-rules": GateRuleRow;
  "gate-rights": GateRightsRow;
  "kubernetes-rights": KubernetesRightRow;
  "mongo-lines": MongoLineRow;
}
export interface GateRow {
  id: string;
  edge: EdgePattern;
  editions: Editions;
  methods: Methods;
  facts: FactsCondition;
  gate: PlannedGateName;
  when: "before" | "after";
  mandatory: boolean;
  because: string;
  /** Null: a rule of this project's own. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
  /** Present if no row of a shipped matrix matches this pattern: why the rule is kept nevertheless. */
  matchesNothingBecause?: string;
}
/** Selects hops; an absent part matches everything. `{from: "<4.8.47", to: ">=4.8.47"}` means crossing 4.8.47. */
export interface EdgePattern {
  /** Semver range on the version a hop leaves. */
  from?: string;
  /** Semver range on the version a hop arrives at. */
  to?: string;
  /** Hops that skip a minor of the Kubernetes that releases bring with them (bundled-kubernetes.json). */
  crosses?: "kubernetes-minors";
  /**
   * Kinds of hop; a pattern with `change` never matches if no release moves (`from` = `to`).
   *
   */
  change?: Change[];
}
/** Facts about the site that a row requires; a list matches any of its values. A fact that is not known keeps the row. */
export interface FactsCondition {
  pcgs?: boolean;
  reachSystem?: boolean;
  imageSwap?: boolean;
  airgap?: boolean;
  ipBased?: boolean;
  externalMongo?: boolean;
  cloud?: ("eks" | "gke" | "aks" | "other")[];
}
/** Where a fact comes from. */
export interface Source {
  /** `owner/name` on GitHub. */
  repository: string;
  path: string;
  /** The commit at which the page was read; absent where it is not known, and `seenIn` says what is. */
  commit?: string;
  /** What the page was seen in where its commit is not known: one for the next refresh to find. */
  seenIn?: string;
  /** The heading over the fact; `introduction`, `whole page` or `whole file` where there is none. */
  section: string;
}
export interface ActRow {
  id: string;
  edge: EdgePattern;
  editions: Editions;
  methods: Methods;
  facts: FactsCondition;
  name: string;
  when: "before" | "after";
  /** May contain placeholders that are filled for the hop (lib/planning/plan/fill-in.ts), e.g. `{kubernetes.to}`. */
  text: string;
  irreversible: boolean;
  /** The gate before the hop that verifies the act, so that nobody has to acknowledge it. */
  provedBy?: GateName;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
  /** Present if no row of a shipped matrix matches this pattern: why the rule is kept nevertheless. */
  matchesNothingBecause?: string;
}
export interface AdvisoryRow {
  id: string;
  edge: EdgePattern;
  editions: Editions;
  methods: Methods;
  facts: FactsCondition;
  severity: Severity;
  summary: string;
  /** What to do about it, a sentence of its own. */
  action: string;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
  /** Present if no row of a shipped matrix matches this pattern: why the rule is kept nevertheless. */
  matchesNothingBecause?: string;
}
/** The highest Kubernetes version that may host a Palette release. */
export interface KubernetesRow {
  palette: string;
  /** `1.33.0` or, where the vendor names a minor only, `1.28.x`. */
  highest: string;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
  editions: Editions;
  methods: Methods;
}
/** When the Kubernetes project ended support of a minor. */
export interface KubernetesEolRow {
  id: string;
  /** `1.31` */
  kubernetes: string;
  /** `YYYY-MM-DD`. */
  endOfLife: string;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** The Kubernetes that a release includes on VMware or on the appliance; one that is not listed has that of the nearest older one of its minor. */
export interface BundledKubernetesRow {
  id: string;
  palette: string;
  editions: Editions;
  methods: Methods;
  kubernetes: string;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** What the vendor names for gateways with a release: Kubernetes for those on a cluster of one's own, or its CLI. */
export interface AgentRow {
  id: string;
  palette: string;
  what: "gateway-kubernetes" | "palette-cli";
  version: string;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** A Helm release of an installation, in the order in which they are upgraded. */
export interface ReleaseRow {
  id: string;
  role: Role;
  order: number;
  /** Semver range of Palette versions that ship it. */
  versions: string;
  facts: FactsCondition;
  /** Name and namespace in the vendor's guides; an installation's own record takes precedence. */
  name: string;
  namespaces: string[];
  /** Name in Chart.yaml. */
  chart: string;
  /**
   * Paths inside the vendor's archive, below its chart folder, `*` for the version; the first that exists is used.
   *
   */
  archives: string[];
  /** `archive`: the values of the hop's archive; `site`: the values of the installation. */
  values: "archive" | "site";
  /**
   * The archive's values file that the release uses or starts from.
   *
   */
  valuesFiles: string[];
  /** Semver range of targets at which the release takes over objects that were not its own; null: never. */
  takeOwnership: string | null;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
  editions: Editions;
  methods: Methods;
}
/** How long one part of a hop is likely to take. */
export interface DurationRow {
  id: string;
  phase: "gates" | "releases" | "rollout" | "pcg-catch-up";
  /** `release`: for each Helm release that moves. */
  per: "hop" | "release";
  change: Changes;
  likelyMinutes: number;
  because: string;
  /** Null: a rule of this project's own. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** Cluster-scoped objects whose names show that Palette is installed. */
export interface TraceRow {
  id: string;
  kind: "CustomResourceDefinition" | "ClusterRole" | "PersistentVolume";
  /** Regular expression. */
  pattern: string;
  because: string;
  /** Null: a rule of this project's own. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** The minimum feature compatibility version of MongoDB before a hop. */
export interface CompatibilityRow {
  id: string;
  /** Applies to hops from outside the range into it. */
  into: string;
  /** `major.minor` of MongoDB required at least. */
  least: string;
  /** The MongoDB that those releases include, `major.minor`. */
  mongo: string;
  /** A clause. */
  because: string;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** A key of a release's values that later versions no longer have. */
export interface ValueKeyRow {
  id: string;
  /** Dotted path; includes everything below it. */
  key: string;
  roles: Role[];
  /** Semver range of Palette versions without it. */
  gone: string;
  /** False: only a remark, because the key is merely ignored. */
  blocks: boolean;
  because: string;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** Which workloads of an installation must be ready, by version. */
export interface WorkloadRow {
  id: string;
  /** A semver range. */
  versions: string;
  namespaces: string[];
  kinds: WorkloadKind[];
  /** Namespaces that remain and must never be deleted, although nothing in them has to be ready. */
  kept: string[];
  ingress: Ingress;
  /** Pods that are correctly not running. */
  completedPods: CompletedPod[];
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
export interface Ingress {
  controller: "nginx" | "traefik";
  namespace: string;
  /** LoadBalancer Service to whose address the domain must resolve. */
  service: string;
  workload: {
    kind: WorkloadKind;
    name: string;
  };
  source: Source;
}
export interface CompletedPod {
  namespace: string;
  /** Start of the pod's name. */
  prefix: string;
  ownerKind: "Job";
  because: string;
}
/** A reason of gates that a hop in progress can itself explain once Palette's own release of it was begun. It stays a refusal or a wait. */
export interface HopEffectRow {
  id: string;
  gates: Gates;
  /**
   * Codes of reasons; "*" for all.
   *
   */
  codes: string[];
  /** A clause; `{to}` is the hop's destination. */
  explains: string;
  /** A clause on what to do so that the hop goes on. */
  remedy: string;
  /** Null: a rule of this project's own. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** Reasons of gates that nobody may accept. */
export interface NeverAcceptedRow {
  id: string;
  gates: Gates;
  /**
   * Codes of reasons; "*" for all.
   *
   */
  codes: string[];
  /** Semver range of targets; absent: all. */
  into?: string;
  /**
   * Codes that an unfinished hop itself explains: acceptable if that hop is resumed.
   *
   */
  exceptResuming?: string[];
  /** A clause. */
  because: string;
  /** Null: a rule of this project's own. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** A reason that only time or somebody else can resolve. */
export interface NotNowRow {
  id: string;
  code: string;
  waitsFor: string;
  /** Null: a rule of this project's own. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** One call of the Palette API. */
export interface PaletteApiRow {
  id: string;
  method: "GET" | "POST" | "PATCH";
  path: string;
  /** Gates only read; writes are for acts. */
  use: "read" | "write";
  /** operationId in the description. */
  operation: string;
  query: Field[];
  answer: Field[];
  body: Field[];
  /** Of a success, as described. */
  status: number;
  note?: string;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
export interface Field {
  name: string;
  /** False: not in the public description. */
  verified: boolean;
  /** Where in the description. */
  definition?: string;
  /** Values this tool relies on, each in the description's list. */
  valuesUsed?: string[];
}
/** A Deployment on a gateway's own cluster. */
export interface PcgWorkloadRow {
  id: string;
  deployment: string;
  /** `cluster`: the namespace of the gateway's agent. */
  namespace: "jet-system" | "cluster";
  /** cli: documented for gateways that the Palette CLI installed. */
  expected: "always" | "cli";
  /** True if its image determines the version of the agent. */
  agent: boolean;
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** A setting of the current ingress Service and its equivalent on Traefik's. */
export interface ExposureRow {
  id: string;
  provider: "aws" | "gcp" | "azure" | "metallb" | "kube-vip" | "generic";
  /** A key, or a prefix of keys that ends in `*`; either this or `field`. */
  annotation?: string;
  field?:
    | "spec.type"
    | "spec.loadBalancerIP"
    | "spec.loadBalancerClass"
    | "spec.externalIPs"
    | "spec.loadBalancerSourceRanges";
  /** `own-value`: the value belongs to the old Service; `by-hand`: no key of Palette's values is documented for it; `leave`: nothing is to be carried over. */
  carries: "same" | "own-value" | "review" | "by-hand" | "leave";
  /** True if its value fixes an address. */
  holdsAddress: boolean;
  /** A clause. */
  equivalent: string;
  /** Null: no public document was found. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** Rules of one gate or of several that belong together; a gate's rules are printed in the order of the file. */
export interface GateRuleRow {
  id: string;
  gates: Gates;
  /** The rule's name in reasons, e.g. `G05`; absent: rules without a chapter of their own. */
  chapter?: string;
  /** What the chapter demands, a clause. May contain `{…}`: a default of the settings or a constant of the judge. */
  demands?: string;
  rules: GateRule[];
  /** Empty: this project's own rules. */
  sources: Source[];
  /** `YYYY-MM-DD`. */
  readOn: string;
}
export interface GateRule {
  /** The code of its reason. */
  code: string;
  outcome: "pass" | "wait" | "fail" | "unknown";
  /** A clause. May contain `{…}` as `demands` may. */
  meaning: string;
}
/** What some gates read and need; never do they write. */
export interface GateRightsRow {
  id: string;
  gates: Gates;
  reads: string[];
  /** Role of the API key's user in Palette; absent where the Palette API is not used. */
  palette?: string;
  /** What must be allowed elsewhere. */
  elsewhere: string[];
  /** Null: a rule of this project's own. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** One permission on the management cluster that a gate's account needs. deploy/gates-role.yaml is the sum of them; a test compares the two. */
export interface KubernetesRightRow {
  id: string;
  gates: Gates;
  /** API group; "" is the core group. */
  group: string;
  resources: string[];
  verbs: ("get" | "list" | "create")[];
  /** `cluster`: in all namespaces; `mongo`, `release`: in MongoDB's or the release's namespace alone. */
  where: "cluster" | "mongo" | "release";
  /**
   * The only objects it is needed for; absent: all.
   *
   */
  names?: string[];
  /** When it is needed, where that is not always. */
  only?: string;
  /** Null: a rule of this project's own. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
/** A form of line that shells and tools print around a document. */
export interface MongoLineRow {
  id: string;
  /** `noise` says nothing of the set; `failure`: something asked gave no answer; `partial`: an extract that proves nothing; `extract`: one that contradicts no answer; `marker` announces an answer; `warning` is noise below a `heading` of startup warnings, and unknown elsewhere. */
  kind: "noise" | "failure" | "partial" | "extract" | "marker" | "heading" | "warning";
  /** A regular expression for the line without prompt, prefix, timestamp and spaces around it; each repetition has a limit. */
  pattern: string;
  example: string;
  /** Null: a rule of this project's own. */
  source: Source | null;
  /** What of the pattern the source does not hold, or why there is none: known from use, read in no source. */
  notRead?: string;
  /** `YYYY-MM-DD`. */
  readOn: string;
}
