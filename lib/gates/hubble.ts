import type { HelmRevision } from "../site/types.js";
import { compareVersions, isVersion, type Version } from "../version/version.js";
import type { Finding } from "./verdict.js";

/** Name of the chart that is Palette itself; its version is the product's. */
export const hubbleChart = "spectro-mgmt-plane";

/** The one Palette of an installation, from Helm's records. */
export interface Hubble {
  name: string;
  namespace: string;
  /** Oldest first. */
  revisions: HelmRevision[];
  /** The last revision that is `deployed`: what is installed, whatever came after it. */
  deployed: HelmRevision;
  newest: HelmRevision;
}

export type HubbleAnswer = { ok: true; hubble: Hubble } | { ok: false; finding: Finding };

/** Finds Palette among the release records of its namespace; two of them, or none, are not guessed at. */
export function hubbleOf(revisions: readonly HelmRevision[], releaseNamespace: string): HubbleAnswer {
  const mine = revisions
    .filter(({ chart, namespace }) => chart === hubbleChart && namespace === releaseNamespace)
    .sort((a, b) => a.revision - b.revision);
  const names = [...new Set(mine.map(({ name }) => name))].sort();
  const [name] = names;
  if (name === undefined) return refuse("unknown", "NO_INSTALLATION", noInstallation(releaseNamespace));
  if (names.length > 1) return refuse("fail", "TWO_INSTALLATIONS", twoInstallations(names, releaseNamespace));
  const deployed = mine.findLast(({ status }) => status === "deployed");
  if (deployed === undefined) return refuse("unknown", "NO_DEPLOYED_REVISION", noDeployed(name, mine));
  if (!isVersion(deployed.chartVersion)) return refuse("unknown", "VERSION_UNREADABLE", unreadable(deployed));
  return { ok: true, hubble: { name, namespace: releaseNamespace, revisions: mine, deployed, newest: mine.at(-1)! } };
}

/** The version that was deployed before the one that is: from which the last hop came; null where the history ends. */
export function previousVersion(hubble: Hubble): Version | null {
  const earlier = hubble.revisions.filter(
    ({ revision, status, chartVersion }) =>
      revision < hubble.deployed.revision &&
      status === "superseded" &&
      chartVersion !== hubble.deployed.chartVersion &&
      isVersion(chartVersion),
  );
  return earlier.at(-1)?.chartVersion ?? null;
}

/** The destination that a revision of ours names in its description; null for somebody else's. */
export function markOf(revision: HelmRevision): Version | null {
  const version = /^Palette (\S+)$/.exec(revision.description)?.[1];
  return version !== undefined && isVersion(version) ? version : null;
}

/**
 * The version a hop was begun for and not finished: hubble's newest revision is failed or pending, or another release
 * bears a newer mark of ours than hubble has. Null when nothing is under way.
 */
export function begunVersion(hubble: Hubble, all: readonly HelmRevision[]): Version | null {
  const { newest, deployed } = hubble;
  const open = newest.status === "failed" || newest.status.startsWith("pending-");
  if (newest.revision > deployed.revision && open && isVersion(newest.chartVersion)) return newest.chartVersion;
  const marks = newestOfEach(all)
    .map(markOf)
    .filter((mark): mark is Version => mark !== null && compareVersions(mark, deployed.chartVersion) > 0)
    .sort(compareVersions);
  return marks.at(-1) ?? null;
}

/** The newest revision of each release, by namespace and name. */
export function newestOfEach(revisions: readonly HelmRevision[]): HelmRevision[] {
  const newest = new Map<string, HelmRevision>();
  for (const revision of revisions) {
    const key = `${revision.namespace}/${revision.name}`;
    const known = newest.get(key);
    if (known === undefined || known.revision < revision.revision) newest.set(key, revision);
  }
  return [...newest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, revision]) => revision);
}

function refuse(outcome: "fail" | "unknown", code: string, message: string): HubbleAnswer {
  return { ok: false, finding: { outcome, code, member: null, message } };
}

function noInstallation(namespace: string): string {
  return (
    `No Helm release of chart ${hubbleChart} was found in namespace "${namespace}". Nothing found is not taken for a fresh ` +
    "install: check palette:kubeconfig, palette:context and palette:releaseNamespace."
  );
}

function twoInstallations(names: string[], namespace: string): string {
  return (
    `Namespace "${namespace}" holds ${names.length} Helm releases of chart ${hubbleChart} (${names.join(", ")}), expected one. ` +
    "Which of them is this installation must be settled by a person first."
  );
}

function noDeployed(name: string, revisions: HelmRevision[]): string {
  const seen = revisions.map(({ revision, status }) => `${revision} ${status}`).join(", ");
  return (
    `Helm release "${name}" has no revision with status deployed (${seen}), so the installed version is not known. ` +
    "Call the vendor's support; nothing is upgraded from an unknown version."
  );
}

function unreadable({ name, revision, chartVersion }: HelmRevision): string {
  return (
    `Helm release "${name}", revision ${revision}: chart version "${chartVersion}" is not a Palette version, ` +
    "so the installed version is not known. Call the vendor's support."
  );
}
