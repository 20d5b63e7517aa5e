import { loadRules } from "../../planning/rules/rules.js";
import { roles } from "../../planning/rules/types.js";
import { compareVersions, isVersion } from "../../planning/version/version.js";
import { type HelmRevision, type RecordFault } from "../types.js";
import { getChartName, hubbleChart, type ProductRelease } from "./releases.js";

/** Records with a fault: those that may be this installation's, and those that cannot. */
interface FaultyRecords {
  doubtful: RecordFault[];
  foreign: RecordFault[];
}

/** Sorts the records with a fault by whether they may belong to this installation. Pure. */
export function sortFaultyRecords(
  revisions: readonly HelmRevision[],
  releases: readonly ProductRelease[],
  releaseNamespace: string,
): FaultyRecords {
  const faulty = revisions.flatMap((revision) =>
    revision.fault === undefined ? [] : [{ revision, fault: revision.fault }],
  );
  const canBePalette = ({ revision }: (typeof faulty)[number]): boolean =>
    revision.chart === ""
      ? isPossibleName(revision, releases, releaseNamespace)
      : isPossibleChart(revision, releases, releaseNamespace);
  return {
    doubtful: faulty.filter(canBePalette).map(({ fault }) => fault),
    foreign: faulty.filter((record) => !canBePalette(record)).map(({ fault }) => fault),
  };
}

/** Whether an unreadable record may be ours by its name; a Secret that Helm did not name cannot. */
function isPossibleName(
  { name, namespace }: HelmRevision,
  releases: readonly ProductRelease[],
  releaseNamespace: string,
): boolean {
  if (name === "") return false;
  const hasHubble = releases.some((release) => release.role === "hubble" && release.namespace === releaseNamespace);
  if (!hasHubble && namespace === releaseNamespace) return true;
  return isKnown({ name, namespace }, releases) || isVendorsName(name, namespace, releaseNamespace);
}

/** Whether a record of one of the product's charts may be ours by where it is. */
function isPossibleChart(
  { name, namespace, chart }: HelmRevision,
  releases: readonly ProductRelease[],
  releaseNamespace: string,
): boolean {
  if (!roles.some((role) => getChartName(role) === chart)) return isKnown({ name, namespace }, releases);
  if (chart === hubbleChart || namespace === releaseNamespace) return namespace === releaseNamespace;
  return (
    isKnown({ name, namespace }, releases) || listVendorNamespaces((row) => row.chart === chart).includes(namespace)
  );
}

function isKnown(identity: Pick<HelmRevision, "name" | "namespace">, releases: readonly ProductRelease[]): boolean {
  return releases.some(({ name, namespace }) => name === identity.name && namespace === identity.namespace);
}

function isVendorsName(name: string, namespace: string, releaseNamespace: string): boolean {
  const rows = loadRules("charts").filter((row) => row.name === name);
  if (rows.length > 0 && namespace === releaseNamespace) return true;
  return listVendorNamespaces((row) => row.name === name && row.chart !== hubbleChart).includes(namespace);
}

type ChartRow = ReturnType<typeof loadRules<"charts">>[number];

function listVendorNamespaces(isMeant: (row: ChartRow) => boolean): string[] {
  return loadRules("charts")
    .filter(isMeant)
    .flatMap(({ namespaces }) => namespaces);
}

/** Finds what in a release's history contradicts itself; null where nothing does. */
export function findContradiction({ namespace, name, revisions, deployed }: ProductRelease): string | null {
  const release = `Release ${namespace}/${name}`;
  const twice = revisions.find(({ revision }, index) => revisions[index + 1]?.revision === revision);
  if (twice !== undefined) return `${release} has revision ${twice.revision} twice.`;
  const above = revisions.find(
    ({ status, revision }) => status === "superseded" && revision > (deployed?.revision ?? Infinity),
  );
  if (above === undefined || deployed === null) return null;
  return `${release}: revision ${above.revision} (${above.chartVersion}) is superseded, though the last deployed one is ${deployed.revision} (${deployed.chartVersion}) before it.`;
}

/**
 * Finds a revision that was deployed earlier, kept history of an uninstalled one included, and is of a newer Palette version
 * than the deployed one; else null.
 */
export function findNewerBefore({ revisions, deployed }: ProductRelease): HelmRevision | null {
  if (deployed === null || !isVersion(deployed.chartVersion)) return null;
  const newer = revisions.findLast(
    ({ revision, status, chartVersion }) =>
      revision < deployed.revision &&
      (status === "superseded" || status === "deployed" || status.startsWith("uninstall")) &&
      isVersion(chartVersion) &&
      compareVersions(chartVersion, deployed.chartVersion) > 0,
  );
  return newer ?? null;
}
