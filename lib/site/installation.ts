import { RefusedError } from "../base/errors/errors.js";
import type { Edition } from "../planning/matrix/types.js";
import { isVersion, type Version } from "../planning/version/version.js";
import type { HelmRevision, KubernetesSite, Observation, ObservedRelease } from "./types.js";

/** The chart of Palette itself. */
const paletteChart = "spectro-mgmt-plane";
/** The other releases, found by chart name in whatever namespace they were installed. */
const otherCharts = ["cert-manager", "spectro-mgmt-crds", "image-swap", "reach-system"] as const;

export interface ObserveSettings {
  releaseNamespace: string;
  edition: Edition;
}

/**
 * Takes one observation of the installation (design 5). @throws RefusedError `NO_INSTALLATION`, `TWO_INSTALLATIONS`,
 * `VERSION_AMBIGUOUS`, `NOTHING_DEPLOYED`, `EDITION_MISMATCH`; SiteError where the cluster does not answer.
 */
export async function observeInstallation(kubernetes: KubernetesSite, settings: ObserveSettings): Promise<Observation> {
  const [clusterUid, revisions, hasMongoTls] = await Promise.all([
    kubernetes.clusterUid(),
    kubernetes.helmRevisions(),
    kubernetes.secretExists("hubble-system", "mongo-tls"),
  ]);
  const edition: Edition = hasMongoTls ? "vertex" : "palette";
  const releases = selectObservedReleases(revisions, settings.releaseNamespace);
  const hubble = releases.find(({ role }) => role === "hubble")!;
  const observedVersion = getPaletteVersion(hubble);
  if (edition !== settings.edition) throw createEditionMismatchError(edition, settings.edition, observedVersion);
  return { clusterUid, edition, observedVersion, releases };
}

/** Selects the releases of one installation, hubble included, in upgrade order. Pure. */
export function selectObservedReleases(
  revisions: readonly HelmRevision[],
  releaseNamespace: string,
): ObservedRelease[] {
  const byRelease = groupByRelease(revisions);
  const hubbles = byRelease.filter(
    (history) => history.at(-1)!.namespace === releaseNamespace && hasChart(history, paletteChart),
  );
  if (hubbles.length === 0) throw createNoInstallationError(byRelease, releaseNamespace);
  if (hubbles.length > 1) throw createTwoInstallationsError(paletteChart, hubbles);
  const others = otherCharts.flatMap((chart) => {
    const found = byRelease.filter((history) => hasChart(history, chart));
    if (found.length > 1) throw createTwoInstallationsError(chart, found);
    return found.map((history) => toObservedRelease(chart, history));
  });
  return [...others, toObservedRelease("hubble", hubbles[0]!)];
}

function groupByRelease(revisions: readonly HelmRevision[]): HelmRevision[][] {
  const groups = new Map<string, HelmRevision[]>();
  for (const revision of revisions) {
    const key = `${revision.namespace}/${revision.name}`;
    groups.set(key, [...(groups.get(key) ?? []), revision]);
  }
  return [...groups.values()]
    .map((history) => history.sort((a, b) => a.revision - b.revision))
    .filter((history) => history.at(-1)!.status !== "uninstalled");
}

/** Returns whether the newest revision of a release uses a chart: this determines the release's role. */
function hasChart(history: HelmRevision[], chart: string): boolean {
  return history.at(-1)!.chart === chart;
}

function toObservedRelease(role: ObservedRelease["role"], history: HelmRevision[]): ObservedRelease {
  const newest = history.at(-1)!;
  const deployed = history.filter(({ status }) => status === "deployed").at(-1) ?? null;
  return { role, name: newest.name, namespace: newest.namespace, deployed, newest };
}

function getPaletteVersion(hubble: ObservedRelease): Version {
  const { deployed, newest } = hubble;
  const release = `Release ${hubble.namespace}/${hubble.name}`;
  if (deployed === null) {
    throw new RefusedError(
      "NOTHING_DEPLOYED",
      `${release} has no revision with status deployed; its newest, ${newest.revision} (${newest.chartVersion}), is ${newest.status}.`,
      { next: "Bring the release to a deployed revision first, with the vendor's support." },
    );
  }
  const { chartVersion, appVersion, revision } = deployed;
  if (chartVersion !== appVersion || !isVersion(chartVersion)) {
    throw new RefusedError(
      "VERSION_AMBIGUOUS",
      `${release}, revision ${revision}: chart version "${chartVersion}" and app version "${appVersion}" do not name one Palette version.`,
      { next: "Ask the vendor which Palette version this chart is; nothing is planned on a guess." },
    );
  }
  return chartVersion;
}

function createNoInstallationError(releases: HelmRevision[][], releaseNamespace: string): RefusedError {
  const elsewhere = releases.filter((history) => hasChart(history, paletteChart)).map(formatReleaseName);
  const found =
    elsewhere.length === 0
      ? "and none in any other namespace that can be read"
      : `but there is ${elsewhere.join(", ")}; is palette:releaseNamespace right`;
  return new RefusedError(
    "NO_INSTALLATION",
    `There is no Helm release of chart ${paletteChart} in namespace ${releaseNamespace}, ${found}.`,
    {
      next: "Check kubeconfig, context and palette:releaseNamespace. To install anew, on a clean cluster only, set palette:install to true.",
    },
  );
}

function createTwoInstallationsError(chart: string, found: HelmRevision[][]): RefusedError {
  return new RefusedError(
    "TWO_INSTALLATIONS",
    `${found.length} Helm releases use chart ${chart}: ${found.map(formatReleaseName).sort().join(", ")}; which one is to be upgraded cannot be determined.`,
    {
      next: "Remove the release that is not in use, or set palette:releaseNamespace to the one namespace that is meant.",
    },
  );
}

function createEditionMismatchError(found: Edition, expected: Edition, version: Version): RefusedError {
  const why =
    found === "vertex" ? "Secret hubble-system/mongo-tls exists" : "there is no Secret hubble-system/mongo-tls";
  return new RefusedError(
    "EDITION_MISMATCH",
    `Version ${version} is installed as ${found} (${why}), but palette:edition is ${expected}.`,
    {
      next: `Set palette:edition to ${found} and pin a matrix of that edition.`,
    },
  );
}

function formatReleaseName(history: HelmRevision[]): string {
  const { namespace, name } = history.at(-1)!;
  return `${namespace}/${name}`;
}
