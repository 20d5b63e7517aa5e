import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../matrix/package-root.js";
import type { Edition, Method } from "../matrix/types.js";
import type { WorkloadKind } from "../site/types.js";
import { compareVersions, minorOf, type Version } from "../version/version.js";
import type { BlockRule } from "./blocked.js";
import { inRange, matchFacts, type Applies } from "./edge-pattern.js";
import type {
  ActRow,
  AdvisoryRow,
  AgentRow,
  BundledKubernetesRow,
  CompatibilityRow,
  CompletedPod,
  DurationRow,
  ExposureRow,
  GateRow,
  Ingress,
  KubernetesEolRow,
  KubernetesRow,
  PcgWorkloadRow,
  NeverAcceptedRow,
  NotNowRow,
  ReleaseRow,
  TraceRow,
  ValueKeyRow,
  WorkloadRow,
} from "./rules-types.js";
import type { SiteFacts } from "./types.js";

const files = {
  gates: "gates.json",
  acts: "acts.json",
  advisories: "advisories.json",
  kubernetes: "kubernetes.json",
  charts: "charts.json",
  workloads: "workloads.json",
  agents: "agents.json",
  bundledKubernetes: "bundled-kubernetes.json",
  pcgWorkloads: "pcg-workloads.json",
  kubernetesEol: "kubernetes-eol.json",
  durations: "durations.json",
  traces: "traces.json",
  fcv: "fcv.json",
  valueKeys: "value-keys.json",
  neverAccepted: "never-accepted.json",
  notNow: "not-now.json",
  exposure: "exposure.json",
} as const;

interface Rows {
  gates: GateRow;
  acts: ActRow;
  advisories: AdvisoryRow;
  kubernetes: KubernetesRow;
  charts: ReleaseRow;
  workloads: WorkloadRow;
  agents: AgentRow;
  bundledKubernetes: BundledKubernetesRow;
  pcgWorkloads: PcgWorkloadRow;
  kubernetesEol: KubernetesEolRow;
  durations: DurationRow;
  traces: TraceRow;
  fcv: CompatibilityRow;
  valueKeys: ValueKeyRow;
  neverAccepted: NeverAcceptedRow;
  notNow: NotNowRow;
  exposure: ExposureRow;
}

const loaded = new Map<string, unknown>();

/** The rows of one rule file, read once; their shape is proved by tests against data/schemas, not at run time. */
export function rulesOf<K extends keyof Rows>(kind: K): readonly Rows[K][] {
  let rows = loaded.get(kind);
  if (rows === undefined) {
    rows = (JSON.parse(readFileSync(join(packageRoot(), "data", files[kind]), "utf8")) as { rows: unknown[] }).rows;
    loaded.set(kind, rows);
  }
  return rows as Rows[K][];
}

export interface AvoidedStop {
  /** Semver range of versions not to stop at on the way. */
  range: string;
  /** The advisory's id. */
  id: string;
  summary: string;
}

/** Versions a route should not stop at: the advisories of severity `avoid`. Facts not known do not free a version. */
export function avoidedStops(edition: Edition, method: Method, facts: SiteFacts): AvoidedStop[] {
  return rulesOf("advisories")
    .filter((row) => row.severity === "avoid" && row.editions.includes(edition) && row.methods.includes(method))
    .filter((row) => matchFacts(row.facts, facts) !== "no")
    .map((row) => ({ range: row.edge.to ?? "*", id: row.id, summary: row.summary }));
}

/** Advisories of severity `block` that apply for sure: one whose deciding fact is not known is shown on the hop instead. */
export function blockRules(edition: Edition, method: Method, facts: SiteFacts): BlockRule[] {
  return rulesOf("advisories")
    .filter((row) => row.severity === "block" && row.editions.includes(edition) && row.methods.includes(method))
    .filter((row) => matchFacts(row.facts, facts) === "yes")
    .map(({ id, edge, summary, action }) => ({ id, edge, text: `${summary} ${action}` }));
}

/** What must be ready at a version. */
export interface ReadyAt {
  namespaces: string[];
  kinds: WorkloadKind[];
  kept: string[];
  completedPods: CompletedPod[];
}

/** Namespaces to be ready, kinds to judge and pods that rightly completed, at `version`. */
export function readyAt(version: Version): ReadyAt {
  const { namespaces, kinds, kept, completedPods } = workloadsOf(version);
  return { namespaces, kinds, kept, completedPods };
}

/** Namespaces whose workloads must be ready at `version`, sorted. */
export function namespacesOf(version: Version): string[] {
  return workloadsOf(version).namespaces;
}

/** Which ingress serves the root domain at `version`, and by which Service. */
export function ingressOf(version: Version): Ingress {
  return workloadsOf(version).ingress;
}

function workloadsOf(version: Version): WorkloadRow {
  // The ranges of workloads.json cover every version, once (proved by a test).
  return rulesOf("workloads").find((row) => inRange(version, row.versions))!;
}

export interface ExpectedRelease extends ReleaseRow {
  /** `unknown`: whether the site has it depends on a fact that is not known. */
  applies: Exclude<Applies, "no">;
}

/** Which kind of installation a row is for. */
interface Kind {
  edition: Edition;
  method: Method;
}

const onKubernetes: Kind = { edition: "palette", method: "kubernetes" };

function isFor({ editions, methods }: { editions: Edition[]; methods: Method[] }, { edition, method }: Kind): boolean {
  return editions.includes(edition) && methods.includes(method);
}

/** Releases that `version` consists of at a site, in the order in which they are upgraded; none where Helm installs nothing. */
export function releasesOf(version: Version, facts: SiteFacts, kind = onKubernetes): ExpectedRelease[] {
  return rulesOf("charts")
    .filter((row) => isFor(row, kind) && inRange(version, row.versions))
    .flatMap((row) => {
      const applies = matchFacts(row.facts, facts);
      return applies === "no" ? [] : [{ ...row, applies }];
    })
    .sort((a, b) => a.order - b.order);
}

export interface HighestKubernetes {
  /** As published: `1.33.0`, or `1.28.x`. */
  highest: string;
  /** `1.33`: any patch of it will do. */
  minor: string;
  /** The release whose row it is: the version itself, else the nearest lower one that is listed. */
  listedFor: Version;
  row: KubernetesRow;
}

/** The highest Kubernetes on which `version` may run; null where it is older than every listed release. */
export function highestKubernetes(version: Version, kind = onKubernetes): HighestKubernetes | null {
  const row = rulesOf("kubernetes")
    .filter((candidate) => isFor(candidate, kind) && compareVersions(candidate.palette, version) <= 0)
    .reduce<KubernetesRow | null>(
      (best, next) => (best === null || compareVersions(next.palette, best.palette) > 0 ? next : best),
      null,
    );
  if (row === null) return null;
  const minor = row.highest.split(".").slice(0, 2).join(".");
  return { highest: row.highest, minor, listedFor: row.palette, row };
}

/** What the vendor names for gateways at `version`: the row of the nearest release of its minor that is no newer; else undefined. */
export function forGateways(version: Version, what: AgentRow["what"]): AgentRow | undefined {
  return rulesOf("agents")
    .filter((row) => row.what === what && minorOf(row.palette) === minorOf(version))
    .filter((row) => compareVersions(row.palette, version) <= 0)
    .sort((a, b) => compareVersions(a.palette, b.palette))
    .at(-1);
}

/** The Kubernetes minor that `version` brings with it; undefined where it brings none, or the vendor does not say. */
export function bundledKubernetes(version: Version, edition: Edition, method: Method): string | undefined {
  return rulesOf("bundledKubernetes").find((row) => isFor(row, { edition, method }) && inRange(version, row.versions))
    ?.kubernetes;
}
