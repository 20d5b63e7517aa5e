import { join } from "node:path";
import { findPackageRoot } from "../../base/process/package-root.js";
import { readJsonFile } from "../../base/text/read-json-file.js";
import { type Edition, type Method } from "../matrix/types.js";
import { type SiteFacts } from "./site-facts.js";
import { compareVersions, getMinor, type Version } from "../version/version.js";
import { type BlockRule } from "./blocked.js";
import { type Applicability, isInRange, matchFacts } from "./edge-pattern.js";
import {
  type AgentRow,
  type CompletedPod,
  type GateName,
  type Gates,
  type Ingress,
  type KubernetesRow,
  type ReleaseRow,
  type RowsByFile,
  type WorkloadKind,
  type WorkloadRow,
} from "./types.js";

const loaded = new Map<string, readonly unknown[]>();

/** Loads the rows of `data/<name>.json`, once; tests, not the run time, check their shape against data/schemas. */
export function loadRules<K extends keyof RowsByFile>(name: K): readonly RowsByFile[K][] {
  let rows = loaded.get(name);
  if (rows === undefined) {
    rows = (readJsonFile(join(findPackageRoot(), "data", `${name}.json`)) as { rows: RowsByFile[K][] }).rows;
    loaded.set(name, rows);
  }
  return rows as readonly RowsByFile[K][];
}

/** True for a row of this gate, or of every gate. */
export function isForGate({ gates }: { gates: Gates }, gate: GateName): boolean {
  return gates.includes("*") || gates.includes(gate);
}

export interface AvoidedStop {
  /** Semver range of versions not to stop at on the way. */
  range: string;
  /** The advisory's id. */
  id: string;
  summary: string;
}

/** Lists versions at which a route should not stop: advisories of severity `avoid`, also if a fact is unknown. */
export function listAvoidedStops(edition: Edition, method: Method, facts: SiteFacts): AvoidedStop[] {
  return loadRules("advisories")
    .filter((row) => row.severity === "avoid" && row.editions.includes(edition) && row.methods.includes(method))
    .filter((row) => matchFacts(row.facts, facts) !== "no")
    .map((row) => ({ range: row.edge.to ?? "*", id: row.id, summary: row.summary }));
}

/** Lists advisories of severity `block` that surely apply; with an unknown fact, one is shown on the hop instead. */
export function listBlockRules(edition: Edition, method: Method, facts: SiteFacts): BlockRule[] {
  return loadRules("advisories")
    .filter((row) => row.severity === "block" && row.editions.includes(edition) && row.methods.includes(method))
    .filter((row) => matchFacts(row.facts, facts) === "yes")
    .map(({ id, edge, summary, action }) => ({ id, edge, text: `${summary} ${action}` }));
}

/** What must be ready at a version. */
interface ReadinessRequirements {
  namespaces: string[];
  kinds: WorkloadKind[];
  kept: string[];
  completedPods: CompletedPod[];
}

/** Returns namespaces that must be ready, kinds to judge and pods that correctly completed, at `version`. */
export function getReadinessRequirements(version: Version): ReadinessRequirements {
  const { namespaces, kinds, kept, completedPods } = findWorkloadRow(version);
  return { namespaces, kinds, kept, completedPods };
}

/** Lists the namespaces whose workloads must be ready at `version`, sorted. */
export function listRequiredNamespaces(version: Version): string[] {
  return findWorkloadRow(version).namespaces;
}

/** Returns the ingress that serves the root domain at `version`, with its Service. */
export function getIngress(version: Version): Ingress {
  return findWorkloadRow(version).ingress;
}

function findWorkloadRow(version: Version): WorkloadRow {
  // The ranges of workloads.json cover every version exactly once (checked by a test).
  return loadRules("workloads").find((row) => isInRange(version, row.versions))!;
}

export interface ExpectedRelease extends ReleaseRow {
  /** `unknown`: whether the site has it depends on a fact that is not known. */
  applies: Exclude<Applicability, "no">;
}

/** Which kind of installation a row is for. */
export interface InstallationKind {
  edition: Edition;
  method: Method;
}

const onKubernetes: InstallationKind = { edition: "palette", method: "kubernetes" };

/** True for a row of this edition and method. */
export function isRowFor(
  { editions, methods }: { editions: Edition[]; methods: Method[] },
  { edition, method }: InstallationKind,
): boolean {
  return editions.includes(edition) && methods.includes(method);
}

/** Lists the releases of `version` at a site in upgrade order; none if Helm installs nothing. */
export function listExpectedReleases(version: Version, facts: SiteFacts, kind = onKubernetes): ExpectedRelease[] {
  return loadRules("charts")
    .filter((row) => isRowFor(row, kind) && isInRange(version, row.versions))
    .flatMap((row) => {
      const applies = matchFacts(row.facts, facts);
      return applies === "no" ? [] : [{ ...row, applies }];
    })
    .sort((a, b) => a.order - b.order);
}

export interface HighestKubernetes {
  /** As published: `1.33.0`, or `1.28.x`. */
  highest: string;
  /** `1.33`: any patch of it is accepted. */
  minor: string;
  /** The Palette version of the row: the version itself, else the nearest lower one that is listed. */
  listedFor: Version;
  row: KubernetesRow;
}

/** Finds the highest Kubernetes on which `version` may run; null if it is older than every listed release. */
export function findHighestKubernetes(version: Version, kind = onKubernetes): HighestKubernetes | null {
  const row = loadRules("kubernetes")
    .filter((candidate) => isRowFor(candidate, kind) && compareVersions(candidate.palette, version) <= 0)
    .reduce<KubernetesRow | null>(
      (best, next) => (best === null || compareVersions(next.palette, best.palette) > 0 ? next : best),
      null,
    );
  if (row === null) return null;
  const minor = row.highest.split(".").slice(0, 2).join(".");
  return { highest: row.highest, minor, listedFor: row.palette, row };
}

/** Finds what the vendor names for gateways: the row of `version`, else of the nearest older release of its minor. */
export function findAgentRow(version: Version, what: AgentRow["what"]): AgentRow | undefined {
  return findNearest(
    loadRules("agents").filter((row) => row.what === what),
    version,
  );
}

/**
 * Finds the Kubernetes that `version` includes, or the nearest older release of its minor; undefined if it includes none
 * or the vendor does not say.
 */
export function findBundledKubernetes(version: Version, edition: Edition, method: Method): string | undefined {
  const rows = loadRules("bundled-kubernetes").filter((row) => isRowFor(row, { edition, method }));
  return findNearest(rows, version)?.kubernetes;
}

function findNearest<R extends { palette: Version }>(rows: readonly R[], version: Version): R | undefined {
  return rows
    .filter((row) => getMinor(row.palette) === getMinor(version) && compareVersions(row.palette, version) <= 0)
    .sort((a, b) => compareVersions(a.palette, b.palette))
    .at(-1);
}
