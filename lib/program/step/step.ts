import { NotNowError, RefusedError } from "../../base/errors/errors.js";
import { findPendingRevision, formatMarker, judgePending } from "../../site/helm/releases.js";
import { findHopInProgress, type HopInProgress } from "../../site/installation.js";
import { type Observation, type HelmRevision } from "../../site/types.js";
import { compareVersions, type Version } from "../../planning/version/version.js";
import { refuseUnlessPlanned, type RoutePlan } from "./plan.js";
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
  /** Onto a clean cluster, straight to the destination (lib/program/step/install.ts). */
  | { kind: "install"; destination: Version; resuming: boolean; declareReleases: true };

export interface StepInput {
  observation: Observation;
  recorded: Recorded;
  /** The route from `observedVersion`. Its refusal counts only where this update is to move on. */
  plan: RoutePlan;
  /** Whether the matrix has the pair as an exact supported row that no refusal names. */
  isSupported: (from: Version, to: Version) => boolean;
  /** `palette:installedVersion.accepted`: an installed version that no hop of this stack explains, accepted by a person. */
  acceptVersion: Version | null;
  /**
   * `palette:install`: a managed version on a stack without outputs is this tool's install whose checks are still open.
   */
  install?: boolean;
  /** The stack's state holds releases that somebody imported by hand. */
  holdsReleases?: boolean;
  /** A pending revision older than this is stuck, not an upgrade in progress. */
  releaseTimeoutSeconds: number;
  /** What to do about a stuck revision, which depends on what still runs of it; null where none is stuck. */
  stuckRemedy: string | null;
  now: Date;
}

/** Decides what this update does. @throws RefusedError, NotNowError with what the operator must know. */
export function decideStep(input: StepInput): Step {
  const { observation, recorded } = input;
  const observed = observation.observedVersion;
  if (recorded.clusterUid !== undefined && recorded.clusterUid !== observation.clusterUid) {
    throw createClusterMismatchError(recorded.clusterUid, observation.clusterUid);
  }
  refusePending(input);
  const hopInProgress = findHopInProgress(observation.releases);
  if (hopInProgress !== null) return resumeHop(hopInProgress, input);
  const applied = recorded.appliedVersion;
  const isManagedHop = isManaged(observation, observed);
  if (applied === undefined && isManagedHop && input.install === true && isFreshInstall(input)) {
    return { kind: "settle", from: observed, destination: observed, ours: true, declareReleases: true };
  }
  if (applied === undefined) {
    return { kind: "enrol", destination: observed, declareReleases: input.holdsReleases === true };
  }
  const declareReleases = recorded.adopted || isManagedHop;
  if (compareVersions(applied, observed) > 0) throw createDowngradeError(applied, observed);
  if (applied !== observed) {
    const explained = isManagedHop && input.isSupported(applied, observed);
    if (!explained && input.acceptVersion !== observed) throw createUnexplainedError(applied, observed);
    return { kind: "settle", from: applied, destination: observed, ours: explained, declareReleases };
  }
  const next = refuseUnlessPlanned(input.plan).hops[0]?.to;
  return next === undefined
    ? { kind: "done", destination: observed, declareReleases }
    : { kind: "hop", from: observed, destination: next, resuming: false, declareReleases: true };
}

export function createClusterMismatchError(recorded: string, found: string): RefusedError {
  return new RefusedError(
    "CLUSTER_MISMATCH",
    `This stack was enrolled on the cluster whose namespace kube-system has UID ${recorded}; the kubeconfig leads to one with ${found}.`,
    {
      next: "Point palette:kubernetes.kubeconfig and palette:kubernetes.context at the enrolled cluster, or select the stack of this one.",
    },
  );
}

/** Refuses while a release has a pending revision: Helm is still at work, or was killed. */
function refusePending(input: StepInput): void {
  const { observation, releaseTimeoutSeconds, stuckRemedy } = input;
  const revision = findPendingRevision(observation.releases);
  const pending = revision === null ? null : judgePending(revision, input);
  if (revision === null || pending === null) return;
  const what = describeRevision(revision, revision.chartVersion);
  const { state, ageSeconds } = pending;
  if (state === "stuck") {
    throw new RefusedError("RELEASE_STUCK", `${what} for ${Math.round(ageSeconds / 60)} minutes: its Helm is gone.`, {
      next: stuckRemedy ?? "Nothing is rolled back by this tool.",
    });
  }
  throw new NotNowError(
    "RELEASE_PENDING",
    `${what}, begun ${Math.round(ageSeconds)} s ago: someone is upgrading now, or a killed run's Helm is still at work.`,
    { next: `Wait until it ends (at most ${releaseTimeoutSeconds} s), then run the same command again.` },
  );
}

function describeRevision({ name, namespace, revision, status }: HelmRevision, to: Version): string {
  return `Release "${name}" in namespace "${namespace}" has revision ${revision} (${status}) for ${to}`;
}

function resumeHop({ to, revision }: HopInProgress, input: StepInput): Step {
  const { observation, recorded } = input;
  const from = observation.observedVersion;
  const what = describeRevision(revision, to);
  if (from !== to && !input.isSupported(from, to)) {
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

/** Whether the installed version is a fresh install: hubble was never upgraded, or the stack's state holds releases. */
function isFreshInstall({ observation, holdsReleases }: StepInput): boolean {
  const hubble = observation.releases.find((release) => release.role === "hubble");
  return holdsReleases === true || hubble?.deployed?.revision === 1;
}

function isManaged(observation: Observation, version: Version): boolean {
  const hubble = observation.releases.find((release) => release.role === "hubble");
  return hubble?.deployed?.description === formatMarker(version);
}

/** There is no acceptance of a downgrade: the data may be at the newer version. */
function createDowngradeError(applied: Version, observed: Version): RefusedError {
  return new RefusedError(
    "DOWNGRADED",
    `This stack last settled on ${applied}, and ${observed}, which is older, is installed: a downgrade. Palette has none, and its data may be at ${applied} already.`,
    {
      next: "Call the vendor's support before anything else is changed. An installation that was restored as a whole from a backup is enrolled in a new stack.",
    },
  );
}

function createUnexplainedError(applied: Version, observed: Version): RefusedError {
  return new RefusedError(
    "UNEXPLAINED_VERSION",
    `This stack last settled on ${applied}, and ${observed} is installed, but not by a hop of this stack.`,
    {
      next: `Find out who moved it. To go on from ${observed}, set palette:installedVersion.accepted to "${observed}": its checks run first.`,
    },
  );
}
