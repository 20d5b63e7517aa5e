import { InvalidInputError, NotNowError, RefusedError } from "../../base/errors/errors.js";
import { listGoals, parseTarget } from "../../planning/plan/search/target.js";
import { loadRules } from "../../planning/rules/rules.js";
import { type ClusterObject } from "../../site/kubernetes/cluster-objects.js";
import { judgePending, parseMarker, type ProductRelease, selectProductReleases } from "../../site/helm/releases.js";
import { type HelmRevision } from "../../site/types.js";
import { compareVersions, isVersion, type Version } from "../../planning/version/version.js";
import { type Recorded } from "./recorded.js";

/** State of a cluster before something is installed on it. */
export interface ClusterSnapshot {
  clusterUid: string;
  /** All revisions of all releases. */
  revisions: readonly HelmRevision[];
  namespaces: readonly string[];
  objects: readonly ClusterObject[];
}

interface InstallInput {
  snapshot: ClusterSnapshot;
  /** `palette:target`. */
  target: string;
  /** Releases that the pinned matrix lists, oldest first. */
  listed: readonly Version[];
  releaseTimeoutSeconds: number;
  now: Date;
}

export interface InstallDecision {
  destination: Version;
  /** True if a crashed install of this tool is resumed. */
  resuming: boolean;
  /** Releases that Helm has records of already: they are imported, not created. */
  installed: Recorded["releases"];
  /** A sentence on how the version was chosen; null where there was no choice. */
  notice: string | null;
}

/**
 * Decides whether Palette may be installed, and which version: on a clean cluster the target, after a crashed install
 * of this tool the version of that install. Never over another installation or what is left of one.
 *
 * @throws RefusedError `NOT_CLEAN` naming every trace, `RELEASE_STUCK`; NotNowError `RELEASE_PENDING`;
 * InvalidInputError `TARGET_UNKNOWN`.
 */
export function decideInstall(input: InstallInput): InstallDecision {
  const { snapshot } = input;
  const releases = selectProductReleases(snapshot.revisions);
  const installVersions = releases.map(findInstallVersion);
  if (releases.length === 0) {
    const traces = listTraces(snapshot);
    if (traces.length > 0) throw createNotCleanError(traces);
    return { ...chooseVersion(input), resuming: false, installed: [] };
  }
  const versions = [...new Set(installVersions.flatMap((version) => version ?? []))];
  if (installVersions.includes(undefined) || versions.length > 1) {
    throw createNotCleanError([...releases.map(({ newest }) => describeRevision(newest)), ...listTraces(snapshot)]);
  }
  for (const { newest } of releases) refusePending(newest, input);
  const installed = releases.map(({ role, name, namespace }) => ({ role, name, namespace }));
  const [version] = versions;
  if (version === undefined) return { ...chooseVersion(input), resuming: true, installed };
  return {
    destination: version,
    resuming: true,
    installed,
    notice: `The install of ${version} was begun before and is taken up again.`,
  };
}

/** Version of the install this release belongs to; null if unfinished and unknown; undefined if not of this tool. */
function findInstallVersion({ role, newest }: ProductRelease): Version | null | undefined {
  const { status, chartVersion } = newest;
  const isUnfinished = status === "failed" || status.startsWith("pending-");
  if (isUnfinished) return role === "hubble" && isVersion(chartVersion) ? chartVersion : null;
  return (status === "deployed" && role !== "hubble" ? parseMarker(newest) : null) ?? undefined;
}

function refusePending(revision: HelmRevision, input: InstallInput): void {
  const pending = judgePending(revision, input);
  if (pending === null) return;
  const ageSeconds = Math.round(pending.ageSeconds);
  if (pending.state === "at-work") {
    throw new NotNowError(
      "RELEASE_PENDING",
      `${describeRevision(revision)}, begun ${ageSeconds} s ago: an install is under way.`,
      {
        next: `Wait until it ends (at most ${input.releaseTimeoutSeconds} s), then run the same command again.`,
      },
    );
  }
  const { namespace, name, revision: number } = revision;
  throw new RefusedError(
    "RELEASE_STUCK",
    `${describeRevision(revision)} for ${Math.round(ageSeconds / 60)} minutes: its Helm is gone, and Helm begins nothing beside it.`,
    {
      next:
        `Nothing was installed before it, so only Helm's record has to go: kubectl --namespace ${namespace} delete secret sh.helm.release.v1.${name}.v${number}. ` +
        "What it has created stays and is taken over by the next run.",
    },
  );
}

/** Chooses the version to install: the target itself, or the highest listed version of a series or range. */
function chooseVersion({ target: text, listed }: InstallInput): Pick<InstallDecision, "destination" | "notice"> {
  const target = parseTarget(text);
  const destination = listGoals(target, [...listed].sort(compareVersions)).at(-1);
  if (destination === undefined) {
    throw new InvalidInputError(
      "TARGET_UNKNOWN",
      `palette:target "${text}" takes no release that the pinned matrix lists.`,
      {
        next: "Name one of palette-upgrade matrix show, so that a route leads on from what is installed.",
      },
    );
  }
  const notice =
    target.exact === null ? `${destination} is the highest listed release that palette:target "${text}" takes.` : null;
  return { destination, notice };
}

/** Describes everything on the cluster that belongs to another or an earlier installation, sorted. */
function listTraces({ namespaces, objects }: ClusterSnapshot): string[] {
  const own = new Set(loadRules("workloads").flatMap((row) => [...row.namespaces, ...row.kept]));
  const names = new Set(loadRules("charts").map(({ name }) => name));
  const isTrace = ({ kind, name, claimNamespace, release }: ClusterObject): boolean =>
    (claimNamespace !== null && own.has(claimNamespace)) ||
    (release !== null && names.has(release)) ||
    loadRules("traces").some((row) => row.kind === kind && new RegExp(row.pattern).test(name));
  return [
    ...namespaces.filter((name) => own.has(name)).map((name) => `Namespace ${name}`),
    ...objects
      .filter(isTrace)
      .map(
        ({ kind, name, claimNamespace }) =>
          `${kind} ${name}${claimNamespace === null ? "" : ` (of ${claimNamespace})`}`,
      ),
  ].sort();
}

function describeRevision({ namespace, name, revision, status, chartVersion }: HelmRevision): string {
  return `Helm release ${namespace}/${name}, revision ${revision} (${chartVersion}, ${status})`;
}

function createNotCleanError(traces: string[]): RefusedError {
  return new RefusedError(
    "NOT_CLEAN",
    `palette:install is true, but this cluster is not clean:\n${traces.map((trace) => `  - ${trace}`).join("\n")}`,
    {
      next: "An installation that is there is enrolled, not installed: remove palette:install. What is left of an old one may hold its data: look before anything is taken away, or name another cluster.",
    },
  );
}
