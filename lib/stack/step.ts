import { NotNowError, RefusedError } from "../errors.js";
import { type Observation, type HelmRevision } from "../site/types.js";
import { compareVersions, isVersion, type Version } from "../version/version.js";
import { type Recorded } from "./recorded.js";

/**
 * What this `pulumi up` does (design 1): *enrol* identifies and records, *settle* finishes the checks of the version that
 * is installed, *hop* moves along one row, *done* has nothing left to do.
 */
export type Step =
  /** Releases are declared where the stack holds some already, imported by hand. */
  | { kind: "enrol"; destination: Version; declareReleases: boolean }
  | { kind: "settle"; from: Version; destination: Version; ours: boolean; declareReleases: boolean }
  | { kind: "hop"; from: Version; destination: Version; resuming: boolean; declareReleases: true }
  | { kind: "done"; destination: Version; declareReleases: boolean }
  /** Onto a clean cluster, straight to the destination (lib/stack/install.ts). */
  | { kind: "install"; destination: Version; resuming: boolean; declareReleases: true };

/** A revision that has stayed pending: the remedy depends on what runs, which the program goes and looks at. */
export class StuckReleaseError extends RefusedError {
  constructor(
    message: string,
    readonly revision: HelmRevision,
    remedy = "Nothing is rolled back by this tool.",
  ) {
    super("RELEASE_STUCK", message, { next: remedy });
  }
}

/** The description every Release of ours carries into Helm's record: the mark by which a later run knows its own work. */
export function descriptionFor(destination: Version): string {
  return `Palette ${destination}`;
}

export interface StepQuestion {
  observation: Observation;
  recorded: Recorded;
  /** The next version on the road from `observedVersion`, null at the target. Refusals are thrown by the function itself. */
  nextVersion: () => Version | null;
  /** Whether the matrix has the pair as an exact supported row that no refusal names. */
  isSupported: (from: Version, to: Version) => boolean;
  /** `palette:acceptVersion`: a person's word that an installed version nothing of ours explains is right. */
  acceptVersion: string;
  /** `palette:install`: what bears our mark on a stack without a record is this tool's own install, its checks still open. */
  install?: boolean;
  /** The stack's state holds releases that somebody imported by hand. */
  holdsReleases?: boolean;
  /** A pending revision older than this is stuck, not somebody upgrading now. */
  releaseTimeoutSeconds: number;
  now: Date;
}

/** @throws RefusedError, NotNowError with the sentence an operator needs. */
export function decideStep(question: StepQuestion): Step {
  const { observation, recorded } = question;
  const observed = observation.observedVersion;
  if (recorded.clusterUid !== undefined && recorded.clusterUid !== observation.clusterUid) {
    throw clusterMismatch(recorded.clusterUid, observation.clusterUid);
  }
  refusePending(question);
  const begun = begunHop(observation);
  if (begun !== null) return resume(begun, question);
  const applied = recorded.appliedVersion;
  const ours = isOurs(observation, observed);
  if (applied === undefined && ours && question.install === true && isInstall(question)) {
    return { kind: "settle", from: observed, destination: observed, ours: true, declareReleases: true };
  }
  if (applied === undefined) {
    return { kind: "enrol", destination: observed, declareReleases: question.holdsReleases === true };
  }
  const declareReleases = recorded.adopted || ours;
  if (applied !== observed) {
    const explained = ours && question.isSupported(applied, observed);
    if (!explained && question.acceptVersion !== observed) throw unexplained(applied, observed);
    return { kind: "settle", from: applied, destination: observed, ours: explained, declareReleases };
  }
  const next = question.nextVersion();
  return next === null
    ? { kind: "done", destination: observed, declareReleases }
    : { kind: "hop", from: observed, destination: next, resuming: false, declareReleases: true };
}

export function clusterMismatch(recorded: string, found: string): RefusedError {
  return new RefusedError(
    "CLUSTER_MISMATCH",
    `This stack was enrolled on the cluster whose namespace kube-system has UID ${recorded}; the kubeconfig leads to one with ${found}.`,
    { next: "Point palette:kubeconfig and palette:context at the enrolled cluster, or select the stack of this one." },
  );
}

interface BegunHop {
  to: Version;
  revision: HelmRevision;
}

/** Nothing is decided while Helm is, or was left, in the middle of some release of the set. */
function refusePending({ observation, releaseTimeoutSeconds, now }: StepQuestion): void {
  const revision = observation.releases.map(({ newest }) => newest).find(({ status }) => status.startsWith("pending-"));
  if (revision === undefined) return;
  const what = wordsFor(revision, revision.chartVersion);
  const ageSeconds = (now.getTime() - Date.parse(revision.lastDeployed)) / 1000;
  if (ageSeconds >= releaseTimeoutSeconds) {
    throw new StuckReleaseError(`${what} for ${Math.round(ageSeconds / 60)} minutes: its Helm is gone.`, revision);
  }
  throw new NotNowError(
    "RELEASE_PENDING",
    `${what}, begun ${Math.round(ageSeconds)} s ago: someone is upgrading now, or a killed run's Helm is still at work.`,
    { next: `Wait until it ends (at most ${releaseTimeoutSeconds} s), then run the same command again.` },
  );
}

function wordsFor({ name, namespace, revision, status }: HelmRevision, to: Version): string {
  return `Release "${name}" in namespace "${namespace}" has revision ${revision} (${status}) for ${to}`;
}

/** A failed newer revision, or a set half moved: some release bears a newer mark of ours than hubble. */
function begunHop(observation: Observation): BegunHop | null {
  const hubble = observation.releases.find((release) => release.role === "hubble");
  const newest = hubble?.newest;
  if (newest !== undefined && newest.status !== "deployed" && newest.revision !== hubble?.deployed?.revision) {
    if (newest.status === "failed") return { to: newest.chartVersion, revision: newest };
  }
  const marked = observation.releases
    .flatMap((release) => (release.role === "hubble" ? [] : [release.newest]))
    .flatMap((revision) => {
      const to = /^Palette (\S+)$/.exec(revision.description)?.[1];
      return to !== undefined && isVersion(to) ? [{ to, revision }] : [];
    })
    .filter(({ to }) => compareVersions(to, observation.observedVersion) > 0)
    .sort((a, b) => compareVersions(b.to, a.to));
  return marked[0] ?? null;
}

function resume({ to, revision }: BegunHop, question: StepQuestion): Step {
  const { observation, recorded } = question;
  const from = observation.observedVersion;
  const what = wordsFor(revision, to);
  if (from !== to && !question.isSupported(from, to)) {
    throw new RefusedError("HOP_BEGUN", `${what}, but ${from} -> ${to} is not a supported row of the matrix.`, {
      next: "This hop was not begun by this tool and is not taken further; call the vendor's support.",
    });
  }
  if (recorded.appliedVersion === undefined) {
    throw new RefusedError("HOP_BEGUN", `${what}: a hop was begun before this stack was enrolled.`, {
      next: `Finish the hop to ${to} the way it was begun (it is the only next hop), then run this again to enrol.`,
    });
  }
  if (recorded.appliedVersion !== from) {
    throw new RefusedError("HOP_BEGUN", `${what}, while the checks of the installed ${from} have never passed.`, {
      next: `Finish the hop to ${to} the way it was begun; the checks then run on what is installed.`,
    });
  }
  return { kind: "hop", from, destination: to, resuming: true, declareReleases: true };
}

/** What was upgraded before is not what was just installed: that is somebody's, and another stack's perhaps. */
function isInstall({ observation, holdsReleases }: StepQuestion): boolean {
  const hubble = observation.releases.find((release) => release.role === "hubble");
  return holdsReleases === true || hubble?.deployed?.revision === 1;
}

function isOurs(observation: Observation, version: Version): boolean {
  const hubble = observation.releases.find((release) => release.role === "hubble");
  return hubble?.deployed?.description === descriptionFor(version);
}

function unexplained(applied: Version, observed: Version): RefusedError {
  return new RefusedError(
    "UNEXPLAINED_VERSION",
    `This stack last settled on ${applied}, and ${observed} is installed, but not by a hop of this stack.`,
    {
      next: `Find out who moved it. To go on from ${observed}, set palette:acceptVersion to "${observed}": its checks run first.`,
    },
  );
}
