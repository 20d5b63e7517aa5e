import { InvalidInputError, NotNowError, RefusedError } from "../errors.js";
import { goalsOf, parseTarget } from "../plan/target.js";
import { roles, type Role } from "../plan/rules-types.js";
import { rulesOf } from "../plan/rules.js";
import { type ClusterObject } from "../site/cluster-objects.js";
import { type HelmRevision } from "../site/types.js";
import { compareVersions, isVersion, type Version } from "../version/version.js";
import { type Recorded } from "./recorded.js";
import { descriptionFor } from "./step.js";

/** What a cluster shows before something is installed on it. */
export interface InstallSight {
  clusterUid: string;
  /** All revisions of all releases. */
  revisions: readonly HelmRevision[];
  namespaces: readonly string[];
  objects: readonly ClusterObject[];
}

export interface InstallQuestion {
  sight: InstallSight;
  /** `palette:target`. */
  target: string;
  /** Releases that the pinned matrix lists, oldest first. */
  listed: readonly Version[];
  releaseTimeoutSeconds: number;
  now: Date;
}

export interface InstallDecision {
  destination: Version;
  /** A crashed install of this tool is taken up again. */
  resuming: boolean;
  /** Releases that Helm has begun: imported, not created. */
  installed: Recorded["releases"];
  /** What a person is told of the choice; null where there was none. */
  notice: string | null;
}

/**
 * Whether Palette may be installed anew, and which version: on a clean cluster the target itself, or what a crashed install
 * of this tool was begun for. Never over anybody else's installation, nor what is left of one.
 *
 * @throws RefusedError `NOT_CLEAN` naming every trace, `RELEASE_STUCK`; NotNowError `RELEASE_PENDING`; InvalidInputError `TARGET_UNKNOWN`.
 */
export function decideInstall(question: InstallQuestion): InstallDecision {
  const { sight, now, releaseTimeoutSeconds } = question;
  const newest = newestOfProduct(sight.revisions);
  const begun = newest.map((entry) => begunVersion(entry));
  if (newest.length === 0) {
    const traces = tracesIn(sight);
    if (traces.length > 0) throw notClean(traces);
    return { ...chosen(question), resuming: false, installed: [] };
  }
  const versions = [...new Set(begun.flatMap((version) => version ?? []))];
  if (begun.includes(undefined) || versions.length > 1) {
    throw notClean([...newest.map(({ revision }) => describe(revision)), ...tracesIn(sight)]);
  }
  for (const { revision } of newest) heedPending(revision, now, releaseTimeoutSeconds);
  const installed = newest.map(({ role, revision: { name, namespace } }) => ({ role, name, namespace }));
  const [version] = versions;
  if (version === undefined) return { ...chosen(question), resuming: true, installed };
  return {
    destination: version,
    resuming: true,
    installed,
    notice: `The install of ${version} was begun before and is taken up again.`,
  };
}

interface ProductRelease {
  role: Role;
  revision: HelmRevision;
}

const chartOf: Record<Role, string> = {
  "cert-manager": "cert-manager",
  "spectro-mgmt-crds": "spectro-mgmt-crds",
  "image-swap": "image-swap",
  "reach-system": "reach-system",
  hubble: "spectro-mgmt-plane",
};

/** The newest revision of every release of the product's charts, in the order in which they move. */
function newestOfProduct(revisions: readonly HelmRevision[]): ProductRelease[] {
  const newest = new Map<string, HelmRevision>();
  for (const revision of revisions) {
    const key = `${revision.namespace}/${revision.name}`;
    if ((newest.get(key)?.revision ?? 0) < revision.revision) newest.set(key, revision);
  }
  const living = [...newest.values()].filter(({ status }) => status !== "uninstalled");
  return roles.flatMap((role) =>
    living.filter(({ chart }) => chart === chartOf[role]).map((revision) => ({ role, revision })),
  );
}

/** The version whose install this release tells of; null where it is begun but does not tell; undefined where it is not ours. */
function begunVersion({ role, revision }: ProductRelease): Version | null | undefined {
  const { status, chartVersion, description } = revision;
  const open = status === "failed" || status.startsWith("pending-");
  if (open) return role === "hubble" && isVersion(chartVersion) ? chartVersion : null;
  const marked = /^Palette (\S+)$/.exec(description)?.[1];
  const ours = status === "deployed" && role !== "hubble" && marked !== undefined && isVersion(marked);
  return ours && description === descriptionFor(marked) ? marked : undefined;
}

function heedPending(revision: HelmRevision, now: Date, limitSeconds: number): void {
  if (!revision.status.startsWith("pending-")) return;
  const ageSeconds = Math.round((now.getTime() - Date.parse(revision.lastDeployed)) / 1000);
  if (ageSeconds < limitSeconds) {
    throw new NotNowError(
      "RELEASE_PENDING",
      `${describe(revision)}, begun ${ageSeconds} s ago: an install is under way.`,
      {
        next: `Wait until it ends (at most ${limitSeconds} s), then run the same command again.`,
      },
    );
  }
  const { namespace, name, revision: number } = revision;
  throw new RefusedError(
    "RELEASE_STUCK",
    `${describe(revision)} for ${Math.round(ageSeconds / 60)} minutes: its Helm is gone, and Helm begins nothing beside it.`,
    {
      next:
        `Nothing was installed before it, so only Helm's record has to go: kubectl --namespace ${namespace} delete secret sh.helm.release.v1.${name}.v${number}. ` +
        "What it has created stays and is taken over by the next run.",
    },
  );
}

/** The target itself; of a series or range the highest that is listed. */
function chosen({ target: text, listed }: InstallQuestion): Pick<InstallDecision, "destination" | "notice"> {
  const target = parseTarget(text);
  const destination = goalsOf(target, [...listed].sort(compareVersions)).at(-1);
  if (destination === undefined) {
    throw new InvalidInputError(
      "TARGET_UNKNOWN",
      `palette:target "${text}" takes no release that the pinned matrix lists.`,
      {
        next: "Name one of palette-upgrade matrix show, so that a road leads on from what is installed.",
      },
    );
  }
  const notice =
    target.exact === null ? `${destination} is the highest listed release that palette:target "${text}" takes.` : null;
  return { destination, notice };
}

/** Everything an earlier installation has left, or another one has: in words, sorted. */
function tracesIn({ namespaces, objects }: InstallSight): string[] {
  const own = new Set(rulesOf("workloads").flatMap((row) => [...row.namespaces, ...row.kept]));
  const names = new Set(rulesOf("charts").map(({ name }) => name));
  const isTrace = ({ kind, name, claimNamespace, release }: ClusterObject): boolean =>
    (claimNamespace !== null && own.has(claimNamespace)) ||
    (release !== null && names.has(release)) ||
    rulesOf("traces").some((row) => row.kind === kind && new RegExp(row.pattern).test(name));
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

function describe({ namespace, name, revision, status, chartVersion }: HelmRevision): string {
  return `Helm release ${namespace}/${name}, revision ${revision} (${chartVersion}, ${status})`;
}

function notClean(traces: string[]): RefusedError {
  return new RefusedError(
    "NOT_CLEAN",
    `palette:install is true, but this cluster is not clean:\n${traces.map((trace) => `  - ${trace}`).join("\n")}`,
    {
      next: "An installation that is there is enrolled, not installed: remove palette:install. What is left of an old one may hold its data: look before anything is taken away, or name another cluster.",
    },
  );
}
