/** Rows of data/: what a hop needs and what is known about it. Shapes only; data/schemas holds the same, checked by tests. */
import type { GateName } from "../gates/types.js";
import type { Edition, Method } from "../matrix/types.js";
import type { WorkloadKind } from "../site/types.js";
import type { Change, Version } from "../version/version.js";
import type { EdgePattern, FactsCondition } from "./edge-pattern.js";
import type { Severity, Source } from "./types.js";

/** Where a row was read, and when. */
export interface Provenance {
  source: Source;
  /** `YYYY-MM-DD`. */
  readOn: string;
}

/** What rows about hops share. */
export interface RuleRow {
  /** Null: a rule of this project's own, which no page of the vendor's asks for. */
  source: Source | null;
  /** `YYYY-MM-DD`. */
  readOn: string;
  /** Unique over all rule files. */
  id: string;
  edge: EdgePattern;
  editions: Edition[];
  methods: Method[];
  facts: FactsCondition;
  /** Present where no row of a shipped matrix is of this pattern: why the rule is kept all the same. */
  matchesNothingBecause?: string;
}

export interface GateRow extends RuleRow {
  gate: GateName;
  when: "before" | "after";
  mandatory: boolean;
  because: string;
}

/** `text` may hold words in braces that the hop fills in (lib/plan/fill-in.ts), e.g. `{kubernetes.to}`. */
export interface ActRow extends RuleRow {
  name: string;
  when: "before" | "after";
  text: string;
  irreversible: boolean;
  /** The gate before the hop that proves the act done, so that nobody has to say so. */
  provedBy?: GateName;
}

export interface AdvisoryRow extends RuleRow {
  source: Source;
  severity: Severity;
  summary: string;
  /** What to do about it, a sentence of its own. */
  action: string;
}

/** What the vendor names for gateways beside a Palette release: Kubernetes for those on a cluster of one's own, or its CLI. */
export interface AgentRow extends Provenance {
  id: string;
  palette: Version;
  what: "gateway-kubernetes" | "palette-cli";
  version: string;
}

/** The Kubernetes minor that a release brings with it where Palette is installed as a virtual appliance. */
export interface BundledKubernetesRow extends Provenance {
  id: string;
  /** Semver range of Palette versions. */
  versions: string;
  editions: Edition[];
  methods: Method[];
  kubernetes: string;
}

/** The highest Kubernetes a Palette release may be hosted on. */
export interface KubernetesRow extends Provenance {
  editions: Edition[];
  methods: Method[];
  palette: string;
  /** `1.33.0` or, where the vendor names a minor only, `1.28.x`. */
  highest: string;
}

/** Reasons of gates that nobody can accept. */
export interface NeverAcceptedRow {
  id: string;
  /** Names of gates; "*" for all. */
  gates: (GateName | "*")[];
  /** Codes of reasons; "*" for all. */
  codes: string[];
  /** Semver range of destinations; absent: all. */
  into?: string;
  /** Codes that a half-done hop itself explains: acceptable where that hop is taken up again. */
  exceptResuming?: string[];
  /** A clause. */
  because: string;
  /** Null: a rule of this project's own. */
  source: Source | null;
  readOn: string;
}

/** A reason that only time or somebody else clears. */
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
  /** Null: measured or reckoned by this project. */
  source: Source | null;
  readOn: string;
}

/** How high MongoDB's feature compatibility version must be before a hop. */
export interface CompatibilityRow extends Provenance {
  id: string;
  /** Semver range of Palette versions: hops from outside it into it. */
  into: string;
  /** `major.minor` of MongoDB that will do at least. */
  least: string;
  /** The MongoDB that those releases bring, `major.minor`. */
  mongo: string;
  /** Why, in one clause. */
  because: string;
}

/** Objects of no namespace that tell of an installation, by name. */
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
  /** Name and namespace in the vendor's guides; an installation's own record comes first. */
  name: string;
  namespaces: string[];
  /** Name in Chart.yaml. */
  chart: string;
  /** Paths inside the vendor's archive, below its chart folder, `*` for the version; the first that exists counts. */
  archives: string[];
  /** `archive`: the hop archive's own values; `site`: the installation's values. */
  values: "archive" | "site";
  /** The archive's values file the release takes or starts from. */
  valuesFiles: string[];
  /** Semver range of destinations at which the release takes over objects that were not its own; null: never. */
  takeOwnership: string | null;
}

/** A key of a release's values that later versions no longer know. */
export interface ValueKeyRow extends Provenance {
  id: string;
  /** Dotted path; everything below it is meant too. */
  key: string;
  roles: Role[];
  /** Semver range of Palette versions without it. */
  gone: string;
  /** False: a remark, since the key is only ignored. */
  blocks: boolean;
  because: string;
}

/** What of an installation must be ready, by version. */
export interface WorkloadRow extends Provenance {
  id: string;
  /** Semver range of Palette versions. */
  versions: string;
  namespaces: string[];
  kinds: WorkloadKind[];
  /** Namespaces that stay and are never to be deleted, though nothing in them has to be ready. */
  kept: string[];
  ingress: Ingress;
  /** Pods that rightly are not running. */
  completedPods: CompletedPod[];
}

export interface Ingress {
  controller: "nginx" | "traefik";
  namespace: string;
  /** LoadBalancer Service whose address the domain must lead to. */
  service: string;
  workload: { kind: WorkloadKind; name: string };
  source: Source;
}

/** A setting of today's ingress Service, and what is its equivalent on Traefik's. */
export interface ExposureRow {
  id: string;
  provider: "aws" | "gcp" | "azure" | "metallb" | "kube-vip" | "generic";
  /** A key, or the start of keys with `*` at its end; this or `field`. */
  annotation?: string;
  field?: string;
  /** `by-hand`: no key of Palette's values is documented for it; `leave`: nothing is to be carried over. */
  carries: "same" | "own-value" | "review" | "by-hand" | "leave";
  /** Its value fixes an address. */
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
  /** Its image stands in for the version of the agent. */
  agent: boolean;
}

/** When the project ended a minor of Kubernetes. */
export interface KubernetesEolRow extends Provenance {
  id: string;
  /** `1.31` */
  kubernetes: string;
  /** `YYYY-MM-DD` */
  endOfLife: string;
}
