/** Rows of data/: what a hop needs and what is known about it. Types only; tests check them against data/schemas. */
import { type GateName } from "./gate-names.js";
import { type Edition, type Method } from "../matrix/types.js";
import { type Severity, type Source } from "./site-facts.js";
import { type WorkloadKind } from "./workload-kind.js";
import { type Change, type Version } from "../version/version.js";
import { type EdgePattern, type FactsCondition } from "./edge-pattern.js";

/** Where and when a row was read. */
export interface Provenance {
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
}

/** Common fields of rows about hops. */
export interface RuleRow {
  /** Null: a rule of this project, not from a page of the vendor's. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
  /** Unique over all rule files. */
  id: string;
  edge: EdgePattern;
  editions: Edition[];
  methods: Method[];
  facts: FactsCondition;
  /** Present if no row of a shipped matrix matches this pattern: why the rule is kept nevertheless. */
  matchesNothingBecause?: string;
}

export interface GateRow extends RuleRow {
  gate: GateName;
  when: "before" | "after";
  mandatory: boolean;
  because: string;
}

/** `text` may contain placeholders that are filled for the hop (lib/planning/plan/fill-in.ts), e.g. `{kubernetes.to}`. */
export interface ActRow extends RuleRow {
  name: string;
  when: "before" | "after";
  text: string;
  irreversible: boolean;
  /** The gate before the hop that verifies the act, so that nobody has to acknowledge it. */
  provedBy?: GateName;
}

export interface AdvisoryRow extends RuleRow {
  source: Source;
  severity: Severity;
  summary: string;
  /** What to do about it, a sentence of its own. */
  action: string;
}

/** What the vendor names for gateways with a release: Kubernetes for those on a cluster of one's own, or its CLI. */
export interface AgentRow extends Provenance {
  id: string;
  palette: Version;
  what: "gateway-kubernetes" | "palette-cli";
  version: string;
}

/** The Kubernetes minor that a release includes if Palette is installed as a virtual appliance. */
export interface BundledKubernetesRow extends Provenance {
  id: string;
  /** Semver range of Palette versions. */
  versions: string;
  editions: Edition[];
  methods: Method[];
  kubernetes: string;
}

/** The highest Kubernetes version that may host a Palette release. */
export interface KubernetesRow extends Provenance {
  editions: Edition[];
  methods: Method[];
  palette: string;
  /** `1.33.0` or, where the vendor names a minor only, `1.28.x`. */
  highest: string;
}

/** Reasons of gates that nobody may accept. */
export interface NeverAcceptedRow {
  id: string;
  /** Names of gates; "*" for all. */
  gates: (GateName | "*")[];
  /** Codes of reasons; "*" for all. */
  codes: string[];
  /** Semver range of targets; absent: all. */
  into?: string;
  /** Codes that an unfinished hop itself explains: acceptable if that hop is resumed. */
  exceptResuming?: string[];
  /** A clause. */
  because: string;
  /** Null: a rule of this project's own. */
  source: Source | null;
  readOn: string;
}

/** A reason that only time or somebody else can resolve. */
export interface NotNowRow {
  id: string;
  code: string;
  waitsFor: string;
  source: Source | null;
  readOn: string;
}

/** How long one part of a hop is likely to take. */
export interface DurationRow {
  id: string;
  phase: "gates" | "releases" | "rollout" | "pcg-catch-up";
  /** `release`: for each Helm release that moves. */
  per: "hop" | "release";
  change: Change[];
  likelyMinutes: number;
  because: string;
  /** Null: measured or estimated by this project. */
  source: Source | null;
  readOn: string;
}

/** The minimum feature compatibility version of MongoDB before a hop. */
export interface CompatibilityRow extends Provenance {
  id: string;
  /** Semver range of Palette versions: applies to hops from outside the range into it. */
  into: string;
  /** `major.minor` of MongoDB required at least. */
  least: string;
  /** The MongoDB that those releases include, `major.minor`. */
  mongo: string;
  /** Why, in one clause. */
  because: string;
}

/** Cluster-scoped objects whose names show that Palette is installed. */
export interface TraceRow extends Provenance {
  id: string;
  kind: "CustomResourceDefinition" | "ClusterRole" | "PersistentVolume";
  /** Regular expression. */
  pattern: string;
  because: string;
}

export const roles = ["cert-manager", "spectro-mgmt-crds", "image-swap", "reach-system", "hubble"] as const;
export type Role = (typeof roles)[number];

/** A Helm release of an installation, in the order in which they are upgraded. */
export interface ReleaseRow extends Provenance {
  id: string;
  role: Role;
  order: number;
  /** Semver range of Palette versions that ship it. */
  versions: string;
  editions: Edition[];
  methods: Method[];
  facts: FactsCondition;
  /** Name and namespace in the vendor's guides; an installation's own record takes precedence. */
  name: string;
  namespaces: string[];
  /** Name in Chart.yaml. */
  chart: string;
  /** Paths inside the vendor's archive, below its chart folder, `*` for the version; the first that exists is used. */
  archives: string[];
  /** `archive`: the values of the hop's archive; `site`: the values of the installation. */
  values: "archive" | "site";
  /** The archive's values file that the release uses or starts from. */
  valuesFiles: string[];
  /** Semver range of targets at which the release takes over objects that were not its own; null: never. */
  takeOwnership: string | null;
}

/** A key of a release's values that later versions no longer have. */
export interface ValueKeyRow extends Provenance {
  id: string;
  /** Dotted path; includes everything below it. */
  key: string;
  roles: Role[];
  /** Semver range of Palette versions without it. */
  gone: string;
  /** False: only a remark, because the key is merely ignored. */
  blocks: boolean;
  because: string;
}

/** Which workloads of an installation must be ready, by version. */
export interface WorkloadRow extends Provenance {
  id: string;
  /** Semver range of Palette versions. */
  versions: string;
  namespaces: string[];
  kinds: WorkloadKind[];
  /** Namespaces that remain and must never be deleted, although nothing in them has to be ready. */
  kept: string[];
  ingress: Ingress;
  /** Pods that are correctly not running. */
  completedPods: CompletedPod[];
}

export interface Ingress {
  controller: "nginx" | "traefik";
  namespace: string;
  /** LoadBalancer Service to whose address the domain must resolve. */
  service: string;
  workload: { kind: WorkloadKind; name: string };
  source: Source;
}

/** A setting of the current ingress Service and its equivalent on Traefik's. */
export interface ExposureRow {
  id: string;
  provider: "aws" | "gcp" | "azure" | "metallb" | "kube-vip" | "generic";
  /** A key, or a prefix of keys that ends in `*`; either this or `field`. */
  annotation?: string;
  field?: string;
  /** `by-hand`: no key of Palette's values is documented for it; `leave`: nothing is to be carried over. */
  carries: "same" | "own-value" | "review" | "by-hand" | "leave";
  /** True if its value fixes an address. */
  holdsAddress: boolean;
  /** A clause. */
  equivalent: string;
  /** Null: no public document was found. */
  source: Source | null;
  readOn: string;
}

export interface CompletedPod {
  namespace: string;
  /** Start of the pod's name. */
  prefix: string;
  ownerKind: "Job";
  because: string;
}

/** A Deployment on a gateway's own cluster. */
export interface PcgWorkloadRow extends Provenance {
  id: string;
  deployment: string;
  /** `cluster`: the namespace of the gateway's agent. */
  namespace: "jet-system" | "cluster";
  expected: "always" | "cli";
  /** True if its image determines the version of the agent. */
  agent: boolean;
}

/** When the Kubernetes project ended support of a minor. */
export interface KubernetesEolRow extends Provenance {
  id: string;
  /** `1.31` */
  kubernetes: string;
  /** `YYYY-MM-DD` */
  endOfLife: string;
}
