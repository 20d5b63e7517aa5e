import type { HelmRevision } from "../site/types.js";
import { compareVersions, isVersion, type Version } from "../planning/version/version.js";
import type { Finding } from "./verdict/findings.js";

/** Name of the chart of Palette itself; its version is the product version. */
export const hubbleChart = "spectro-mgmt-plane";

/** The Palette release of an installation, from Helm's records. */
export interface Hubble {
  name: string;
  namespace: string;
  /** Oldest first. */
  revisions: HelmRevision[];
  /** The last revision with status `deployed`: what is installed, whatever revisions follow it. */
  deployed: HelmRevision;
  newest: HelmRevision;
}

export type HubbleResult = { ok: true; hubble: Hubble } | { ok: false; finding: Finding };

/** Finds the Palette release in its namespace; fails where there is none or more than one. */
export function findHubble(revisions: readonly HelmRevision[], releaseNamespace: string): HubbleResult {
  const mine = revisions
    .filter(({ chart, namespace }) => chart === hubbleChart && namespace === releaseNamespace)
    .sort((a, b) => a.revision - b.revision);
  const names = [...new Set(mine.map(({ name }) => name))].sort();
  const [name] = names;
  if (name === undefined)
    return createFailedResult("unknown", "NO_INSTALLATION", describeMissingInstallation(releaseNamespace));
  if (names.length > 1)
    return createFailedResult("fail", "TWO_INSTALLATIONS", describeTwoInstallations(names, releaseNamespace));
  const deployed = mine.findLast(({ status }) => status === "deployed");
  if (deployed === undefined)
    return createFailedResult("unknown", "NO_DEPLOYED_REVISION", describeMissingDeployment(name, mine));
  if (!isVersion(deployed.chartVersion))
    return createFailedResult("unknown", "VERSION_UNREADABLE", describeUnreadableVersion(deployed));
  return { ok: true, hubble: { name, namespace: releaseNamespace, revisions: mine, deployed, newest: mine.at(-1)! } };
}

/**
 * Returns the version that was deployed before the installed one; null where the history does not reach back so far.
 */
export function findPreviousVersion(hubble: Hubble): Version | null {
  const earlier = hubble.revisions.filter(
    ({ revision, status, chartVersion }) =>
      revision < hubble.deployed.revision &&
      status === "superseded" &&
      chartVersion !== hubble.deployed.chartVersion &&
      isVersion(chartVersion),
  );
  return earlier.at(-1)?.chartVersion ?? null;
}

/** Reads the destination version from the description of a revision that this program made; null for any other. */
export function parseMarker(revision: HelmRevision): Version | null {
  const version = /^Palette (\S+)$/.exec(revision.description)?.[1];
  return version !== undefined && isVersion(version) ? version : null;
}

/**
 * Returns the destination of a hop in progress: hubble's newest revision is failed or pending, or another release has
 * a newer marker of this program than hubble has. Null when no hop is in progress.
 */
export function findVersionInProgress(hubble: Hubble, all: readonly HelmRevision[]): Version | null {
  const { newest, deployed } = hubble;
  const open = newest.status === "failed" || newest.status.startsWith("pending-");
  if (newest.revision > deployed.revision && open && isVersion(newest.chartVersion)) return newest.chartVersion;
  const markers = selectNewestRevisions(all)
    .map(parseMarker)
    .filter((mark): mark is Version => mark !== null && compareVersions(mark, deployed.chartVersion) > 0)
    .sort(compareVersions);
  return markers.at(-1) ?? null;
}

/** Returns the newest revision of each release, sorted by namespace and name. */
export function selectNewestRevisions(revisions: readonly HelmRevision[]): HelmRevision[] {
  const newest = new Map<string, HelmRevision>();
  for (const revision of revisions) {
    const key = `${revision.namespace}/${revision.name}`;
    const known = newest.get(key);
    if (known === undefined || known.revision < revision.revision) newest.set(key, revision);
  }
  return [...newest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, revision]) => revision);
}

function createFailedResult(outcome: "fail" | "unknown", code: string, message: string): HubbleResult {
  return { ok: false, finding: { outcome, code, member: null, message } };
}

function describeMissingInstallation(namespace: string): string {
  return (
    `No Helm release of chart ${hubbleChart} was found in namespace "${namespace}". Nothing found is not taken for a fresh ` +
    "install: check palette:kubeconfig, palette:context and palette:releaseNamespace."
  );
}

function describeTwoInstallations(names: string[], namespace: string): string {
  return (
    `Namespace "${namespace}" holds ${names.length} Helm releases of chart ${hubbleChart} (${names.join(", ")}), expected one. ` +
    "Which of them is this installation must be settled by a person first."
  );
}

function describeMissingDeployment(name: string, revisions: HelmRevision[]): string {
  const seen = revisions.map(({ revision, status }) => `${revision} ${status}`).join(", ");
  return (
    `Helm release "${name}" has no revision with status deployed (${seen}), so the installed version is not known. ` +
    "Call the vendor's support; nothing is upgraded from an unknown version."
  );
}

function describeUnreadableVersion({ name, revision, chartVersion }: HelmRevision): string {
  return (
    `Helm release "${name}", revision ${revision}: chart version "${chartVersion}" is not a Palette version, ` +
    "so the installed version is not known. Call the vendor's support."
  );
}
