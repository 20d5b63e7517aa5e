import { type SiteError } from "../../base/errors/site-error.js";
import { InvalidInputError, RefusedError } from "../../base/errors/errors.js";
import { listVersions } from "../../planning/matrix/lookup.js";
import { type Hop, type Plan } from "../../planning/plan/types.js";
import { type SiteFacts } from "../../planning/rules/site-facts.js";
import { findPendingRevision, judgePending } from "../../site/helm/releases.js";
import { type Observation } from "../../site/types.js";
import { type Settings } from "../../settings/schema.js";
import { toSiteFacts } from "../../settings/site-facts.js";
import { type ImportedRelease } from "./releases/hand-imported.js";
import { decideInstall } from "./install.js";
import { type Observed } from "./observe.js";
import { type JudgedHopInProgress } from "./hop-in-progress.js";
import { computePlan, expandSiteHop } from "./plan.js";
import { planHopInProgress } from "./plan-in-progress.js";
import { type Recorded } from "./recorded.js";
import { createClusterMismatchError, decideStep, type Step } from "./step.js";
import { type Update } from "./update.js";

/** Everything this update does, decided before the first resource is declared. */
export interface Prepared {
  step: Step;
  /**
   * The whole route from the installed version, a hop in progress first, whatever the target; null where it was not
   * planned.
   */
  plan: Plan | null;
  /** The route that remains once this update has succeeded. */
  remaining: Plan | null;
  /** This update's hop, null unless `step` is one. */
  hop: Hop | null;
  /** The hop in progress that this update finishes; null where none is. */
  hopInProgress: JudgedHopInProgress | null;
  /** Null in a preview that cannot reach the cluster. */
  observation: Observation | null;
  clusterUid: string;
  /** Role, name and namespace of each installed release. */
  installed: Recorded["releases"];
  facts: SiteFacts;
  /** Releases that the stack holds, imported by hand; known until it is enrolled. */
  importedReleases: ImportedRelease[];
  /** A sentence when something could not be read. */
  notice: string | null;
}

/** The part of an update that decides its step. */
type PrepareInput = Pick<
  Update,
  | "settings"
  | "recorded"
  | "vendor"
  | "matrix"
  | "today"
  | "isPreview"
  | "environment"
  | "isSupported"
  | "clock"
  | "readImportedReleases"
  | "readClusterSnapshot"
  | "adviseStuckRevision"
>;

/**
 * Plans from what was observed (in a preview without the cluster: from the recorded outputs) and decides the step.
 *
 * @throws RefusedError, NotNowError, InvalidInputError with what the operator must know.
 */
export async function prepareUpdate(update: PrepareInput, observed: Observed): Promise<Prepared> {
  const { settings, recorded, clock } = update;
  if (observed.state === "empty" && shouldInstall(settings, recorded)) return prepareInstall(update);
  const { observation, live, notice } = resolveObservation(update, observed);
  const { observedVersion } = observation;
  const installed = (live?.releases ?? recorded.releases).map(({ role, name, namespace }) => ({
    role,
    name,
    namespace,
  }));
  const facts = toSiteFacts(
    settings,
    installed.map(({ role }) => role),
  );
  const importedReleases = recorded.appliedVersion === undefined ? await update.readImportedReleases() : [];
  const route = computePlan(update, observedVersion, facts);
  const now = await clock.now();
  const step = decideStep({
    observation,
    recorded,
    plan: route,
    isSupported: update.isSupported,
    acceptVersion: settings.installedVersion.accepted,
    install: settings.install,
    holdsReleases: importedReleases.length > 0,
    releaseTimeoutSeconds: settings.helm.timeoutSeconds,
    stuckRemedy: await readStuckRemedy(update, observation, now),
    now,
  });
  return {
    step,
    ...planHopInProgress(update, observation, route, facts),
    remaining: step.kind === "hop" ? computePlan(update, step.destination, facts) : route,
    hop: step.kind === "hop" ? expandSiteHop(update, step.from, step.destination, facts) : null,
    observation: live,
    clusterUid: recorded.clusterUid ?? observation.clusterUid,
    installed,
    facts,
    importedReleases,
    notice,
  };
}

/** What to decide on: what was observed, or in a preview without the cluster what is recorded. */
interface ResolvedObservation {
  observation: Observation;
  /** Null where the cluster was not read. */
  live: Observation | null;
  notice: string | null;
}

function resolveObservation({ settings, recorded, isPreview }: PrepareInput, observed: Observed): ResolvedObservation {
  if (observed.state === "installed") {
    const { observation } = observed;
    const notice = settings.install
      ? `palette:install is true, but ${observation.observedVersion} is installed: nothing is installed anew. Remove the key.`
      : null;
    return { observation, live: observation, notice };
  }
  if (observed.state !== "unreachable") throw observed.error;
  const version = recorded.observedVersion ?? settings.installedVersion.expected;
  if (!isPreview || version === null)
    throw createUnreachableError(observed.error, { isPreview, toInstall: shouldInstall(settings, recorded) });
  return {
    observation: {
      clusterUid: recorded.clusterUid ?? "",
      edition: settings.edition,
      observedVersion: version,
      releases: [],
    },
    live: null,
    notice: `Preview without the cluster (${observed.error.message}): ${describeVersionSource(recorded)}, gates will check, releases still to be adopted are shown as new, and nobody can approve it, since what would move is not seen.`,
  };
}

/** Reads what to do about a revision that is stuck; null where none is. */
async function readStuckRemedy(
  { settings, adviseStuckRevision }: PrepareInput,
  { releases, observedVersion }: Observation,
  now: Date,
): Promise<string | null> {
  const releaseTimeoutSeconds = settings.helm.timeoutSeconds;
  const pending = findPendingRevision(releases);
  if (pending === null || judgePending(pending, { now, releaseTimeoutSeconds })?.state !== "stuck") return null;
  return adviseStuckRevision(pending, observedVersion);
}

/** Prepares a fresh install: straight to the target, on a clean cluster only. */
async function prepareInstall(update: PrepareInput): Promise<Prepared> {
  const { settings, matrix, recorded, clock } = update;
  const snapshot = await update.readClusterSnapshot();
  const { clusterUid } = snapshot;
  if (recorded.clusterUid !== undefined && recorded.clusterUid !== clusterUid)
    throw createClusterMismatchError(recorded.clusterUid, clusterUid);
  const { destination, resuming, installed, notice } = decideInstall({
    snapshot,
    target: settings.target,
    listed: listVersions(matrix),
    releaseTimeoutSeconds: settings.helm.timeoutSeconds,
    now: await clock.now(),
  });
  // The releases beside hubble are those that the settings have values for.
  const facts = toSiteFacts(settings, [...installed.map(({ role }) => role), ...Object.keys(settings.values)]);
  const plan = computePlan(update, destination, facts);
  return {
    step: { kind: "install", destination, resuming, declareReleases: true },
    plan,
    remaining: plan,
    hop: null,
    hopInProgress: null,
    observation: { clusterUid, edition: settings.edition, observedVersion: destination, releases: [] },
    clusterUid,
    installed,
    facts,
    importedReleases: [],
    notice,
  };
}

/** Whether this stack is to install Palette: `palette:install` is set and nothing was settled before. */
export function shouldInstall({ install }: Pick<Settings, "install">, { appliedVersion }: Recorded): boolean {
  return install && appliedVersion === undefined;
}

function describeVersionSource({ observedVersion }: Recorded): string {
  return observedVersion === undefined
    ? "the version is that of palette:installedVersion.expected"
    : "versions are the recorded ones";
}

/** Creates the error of an update, or of a preview without a known version, whose cluster cannot be read. */
function createUnreachableError(
  cause: SiteError | InvalidInputError,
  { isPreview, toInstall }: { isPreview: boolean; toInstall: boolean },
): RefusedError {
  const advice = cause instanceof InvalidInputError ? (cause.next ?? "") : "Make it reachable.";
  return new RefusedError("CLUSTER_UNREACHABLE", `The management cluster cannot be read: ${cause.message}`, {
    next: [advice, describeNextStep(isPreview, toInstall)].join(" ").trim(),
    cause,
  });
}

function describeNextStep(isPreview: boolean, toInstall: boolean): string {
  if (!isPreview) return "Then run this again; unreachable is never read as absent.";
  if (toInstall) return "";
  return 'For a preview without the cluster, set palette:installedVersion.expected to the installed version, e.g. "4.6.41".';
}
