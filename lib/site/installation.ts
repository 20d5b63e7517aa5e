import { RefusedError } from "../base/errors/errors.js";
import { compareVersions, isVersion, type Version } from "../planning/version/version.js";
import { findContradiction, findNewerBefore, sortFaultyRecords } from "./helm/doubts.js";
import { hubbleChart, parseMarker, type ProductRelease, selectProductReleases } from "./helm/releases.js";
import { type HelmRevision, type KubernetesSite, type RecordFault } from "./types.js";

/** The release of Palette itself. */
export interface Hubble extends ProductRelease {
  role: "hubble";
  /** The last revision with status `deployed`: what is installed, whatever revisions follow it. */
  deployed: HelmRevision;
}

export interface Installed {
  state: "installed";
  /** Chart and app version of hubble's deployed revision. */
  version: Version;
  hubble: Hubble;
  /** Hubble included, in upgrade order. */
  releases: ProductRelease[];
  /** Records with a fault that cannot be this installation's, one sentence each. */
  remarks: string[];
}

interface NotInstalled {
  /** `empty`: no version is deployed; `unclear`: what is installed cannot be determined. */
  state: "empty" | "unclear";
  /**
   * `NO_INSTALLATION`, `NOTHING_DEPLOYED`; `TWO_INSTALLATIONS`, `VERSION_AMBIGUOUS`, `RECORD_INVALID`,
   * `HISTORY_CONTRADICTS`, `DOWNGRADED`.
   */
  error: RefusedError;
}

/** What Helm's records say of the one installation of this project. */
export type Installation = Installed | NotInstalled;

/** Reads what is installed. @throws SiteError where the cluster does not answer. */
export async function readInstallation(
  kubernetes: Pick<KubernetesSite, "helmRevisions">,
  releaseNamespace: string,
): Promise<Installation> {
  return findInstallation(await kubernetes.helmRevisions(), releaseNamespace);
}

/**
 * Finds what is installed in all revisions of all releases. This is the only reader of the installation: program, gates,
 * acts, hooks and status decide on its answer. Pure.
 */
export function findInstallation(revisions: readonly HelmRevision[], releaseNamespace: string): Installation {
  const all = selectProductReleases(revisions);
  const hubbles = all.filter(({ role, namespace }) => role === "hubble" && namespace === releaseNamespace);
  const [hubble] = hubbles;
  const releases = [...all.filter(({ role }) => role !== "hubble"), ...hubbles];
  const { doubtful, foreign } = sortFaultyRecords(revisions, releases, releaseNamespace);
  if (doubtful[0] !== undefined) return { state: "unclear", error: createInvalidRecordError(doubtful[0]) };
  if (hubble === undefined) return { state: "empty", error: createNoInstallationError(all, foreign, releaseNamespace) };
  const doubled = releases.filter(({ role }) => releases.filter((other) => other.role === role).length > 1);
  if (doubled.length > 0) return { state: "unclear", error: createTwoInstallationsError(doubled) };
  const contradiction = releases.map(findContradiction).find((found) => found !== null) ?? null;
  if (contradiction !== null) return { state: "unclear", error: createContradictionError(contradiction) };
  const { deployed } = hubble;
  if (deployed === null) return { state: "empty", error: createNothingDeployedError(hubble) };
  const { chartVersion, appVersion } = deployed;
  if (chartVersion !== appVersion || !isVersion(chartVersion))
    return { state: "unclear", error: createAmbiguousVersionError(deployed) };
  const newer = findNewerBefore(hubble);
  if (newer !== null) return { state: "unclear", error: createDowngradedError(deployed, newer) };
  return {
    state: "installed",
    version: chartVersion,
    hubble: { ...hubble, role: "hubble", deployed },
    releases,
    remarks: foreign.map(({ why }) => why),
  };
}

/**
 * Returns the version that was deployed before the installed one; null where the history does not reach back so far.
 */
export function findPreviousVersion({ revisions, deployed }: Hubble): Version | null {
  const earlier = revisions.findLast(
    ({ revision, status, chartVersion }) =>
      revision < deployed.revision &&
      status === "superseded" &&
      chartVersion !== deployed.chartVersion &&
      isVersion(chartVersion),
  );
  return earlier?.chartVersion ?? null;
}

export interface HopInProgress {
  to: Version;
  /** The revision that shows it. */
  revision: HelmRevision;
  /** Whether a release of the set bears this program's marker for `to`: Helm takes it off a revision that fails. */
  isMarked: boolean;
}

/**
 * Finds a hop in progress: hubble's newest revision is failed or pending, or another release has a newer marker of this
 * program than hubble's version.
 */
export function findHopInProgress(
  releases: readonly Pick<ProductRelease, "role" | "deployed" | "newest">[],
): HopInProgress | null {
  const hubble = releases.find(({ role }) => role === "hubble");
  if (hubble?.deployed == null) return null;
  const { newest, deployed } = hubble;
  const isOpen = newest.status === "failed" || newest.status.startsWith("pending-");
  if (newest.revision !== deployed.revision && isOpen) {
    const to = newest.chartVersion;
    return { to, revision: newest, isMarked: to !== deployed.chartVersion && isMarked(releases, to) };
  }
  const marked = releases
    .filter(({ role }) => role !== "hubble")
    .flatMap(({ newest: revision }) => {
      const to = parseMarker(revision);
      return to === null ? [] : [{ to, revision, isMarked: true }];
    })
    .filter(({ to }) => compareVersions(to, deployed.chartVersion) > 0)
    .sort((a, b) => compareVersions(b.to, a.to));
  return marked[0] ?? null;
}

function isMarked(releases: readonly Pick<ProductRelease, "deployed" | "newest">[], to: Version): boolean {
  return releases.some(({ deployed, newest }) =>
    [deployed, newest].some((revision) => revision !== null && parseMarker(revision) === to),
  );
}

function createInvalidRecordError({ why }: RecordFault): RefusedError {
  return new RefusedError("RECORD_INVALID", why, {
    next: "It may be a record of this installation. Find out who wrote it, and take away or restore that Secret; what is installed is not guessed.",
  });
}

function createContradictionError(contradiction: string): RefusedError {
  return new RefusedError("HISTORY_CONTRADICTS", `${contradiction} What is installed cannot be determined.`, {
    next: "Find out who changed Helm's records (a restored backup, an edited Secret) and settle with the vendor's support which version runs.",
  });
}

function createDowngradedError(deployed: HelmRevision, newer: HelmRevision): RefusedError {
  const { namespace, name, revision, chartVersion, description } = deployed;
  return new RefusedError(
    "DOWNGRADED",
    `Release ${namespace}/${name}: revision ${revision} (${chartVersion}, "${description}") is deployed, after revision ${newer.revision} (${newer.chartVersion}): a downgrade. Palette has none, and its data may be at ${newer.chartVersion} already.`,
    {
      next: "Call the vendor's support before anything else is changed: the way is forward, or back by a backup of the whole.",
    },
  );
}

function createNoInstallationError(
  releases: readonly ProductRelease[],
  foreign: readonly RecordFault[],
  releaseNamespace: string,
): RefusedError {
  const elsewhere = releases.filter(({ role }) => role === "hubble").map(formatReleaseName);
  const found =
    elsewhere.length === 0
      ? "and none in any other namespace that can be read"
      : `but there is ${elsewhere.join(", ")}; is palette:helm.namespace right`;
  return new RefusedError(
    "NO_INSTALLATION",
    [
      `There is no Helm release of chart ${hubbleChart} in namespace ${releaseNamespace}, ${found}.`,
      ...foreign.filter(({ kind }) => kind === "copy").map(({ why }) => why),
    ].join(" "),
    {
      next: "Check kubeconfig, context and palette:helm.namespace. To install anew, on a clean cluster only, set palette:install to true.",
    },
  );
}

function createTwoInstallationsError(releases: readonly ProductRelease[]): RefusedError {
  const chart = releases[0]!.newest.chart;
  const found = releases.filter(({ newest }) => newest.chart === chart);
  const isPalette = chart === hubbleChart;
  const names = found.map(
    (release) => `${formatReleaseName(release)}${isPalette ? "" : ` (${release.newest.chartVersion})`}`,
  );
  return new RefusedError(
    "TWO_INSTALLATIONS",
    `${found.length} Helm releases use chart ${chart}: ${names.sort().join(", ")}; which one is to be upgraded cannot be determined.`,
    {
      next: isPalette
        ? "Remove the release that is not in use, or set palette:helm.namespace to the one namespace that is meant."
        : "One of them is not Palette's: the vendor requires a cluster without another one. Settle with the vendor's support which is, before either is touched.",
    },
  );
}

function createNothingDeployedError({ name, namespace, newest }: ProductRelease): RefusedError {
  return new RefusedError(
    "NOTHING_DEPLOYED",
    `Release ${namespace}/${name} has no revision with status deployed; its newest, ${newest.revision} (${newest.chartVersion}), is ${newest.status}.`,
    { next: "Bring the release to a deployed revision first, with the vendor's support." },
  );
}

function createAmbiguousVersionError(deployed: HelmRevision): RefusedError {
  const { name, namespace, revision, chartVersion, appVersion } = deployed;
  return new RefusedError(
    "VERSION_AMBIGUOUS",
    `Release ${namespace}/${name}, revision ${revision}: chart version "${chartVersion}" and app version "${appVersion}" do not name one Palette version.`,
    { next: "Ask the vendor which Palette version this chart is; nothing is planned on a guess." },
  );
}

function formatReleaseName({ namespace, name }: ProductRelease): string {
  return `${namespace}/${name}`;
}
