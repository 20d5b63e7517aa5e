import { SiteError } from "../../base/errors/site-error.js";
import { InvalidInputError, RefusedError } from "../../base/errors/errors.js";
import { listEdges, listVersions } from "../../planning/matrix/lookup.js";
import { type Matrix } from "../../planning/matrix/types.js";
import { type Hop, type Plan } from "../../planning/plan/types.js";
import { type SiteFacts } from "../../planning/rules/site-facts.js";
import { type Observation } from "../../site/types.js";
import { type Version } from "../../planning/version/version.js";
import { type ImportedRelease } from "./hand-imported.js";
import { type ClusterSnapshot, decideInstall } from "./install.js";
import { type Recorded } from "./recorded.js";
import { type Settings } from "../../settings/schema.js";
import { toSiteFacts } from "../../settings/site-facts.js";
import { createClusterMismatchError, decideStep, type Step } from "./step.js";

/** Everything this update does, decided before the first resource is declared. */
export interface Prepared {
  step: Step;
  /** The whole route from the installed version; null where it was not planned. */
  plan: Plan | null;
  /** The route that remains once this update has succeeded. */
  remaining: Plan | null;
  /** This update's hop, null unless `step` is one. */
  hop: Hop | null;
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

export interface PrepareDependencies {
  recorded: Recorded;
  observe: () => Promise<Observation>;
  matrix: Matrix;
  computePlan: (from: Version, facts: SiteFacts) => Plan;
  expandHop: (from: Version, to: Version, facts: SiteFacts) => Hop;
  isPreview: boolean;
  /** Reads the releases that somebody imported into the stack by hand; called only while nothing is recorded. */
  readImportedReleases: () => Promise<ImportedRelease[]>;
  /** Reads the cluster beside Palette; called only where something is to be installed. */
  readClusterSnapshot: () => Promise<ClusterSnapshot>;
  now: () => Promise<Date>;
}

/** Observes (or, in a preview without the cluster, falls back on the recorded outputs), plans and decides. */
export async function prepare(settings: Settings, dependencies: PrepareDependencies): Promise<Prepared> {
  const { recorded } = dependencies;
  const seen = await observeSite(settings, dependencies);
  if (seen.installs) return prepareInstall(settings, dependencies);
  const observation = seen.observation ?? toRecordedObservation(settings, recorded);
  if (observation.edition !== settings.edition) {
    throw new RefusedError(
      "EDITION_MISMATCH",
      `palette:edition is ${settings.edition}, but what is installed is ${observation.edition}.`,
      {
        next: `Set palette:edition to ${observation.edition} and palette:matrix to one of its matrices, or select the right stack.`,
      },
    );
  }
  const installed = (seen.observation?.releases ?? recorded.releases).map(({ role, name, namespace }) => ({
    role,
    name,
    namespace,
  }));
  const facts = toSiteFacts(
    settings,
    installed.map(({ role }) => role),
  );
  const held = recorded.appliedVersion === undefined ? await dependencies.readImportedReleases() : [];
  const edges = listEdges(dependencies.matrix);
  let plan: Plan | null = null;
  const step = decideStep({
    observation,
    recorded,
    findNextVersion: () => {
      plan = refuseUnlessPlanned(dependencies.computePlan(observation.observedVersion, facts));
      return plan.hops[0]?.to ?? null;
    },
    isSupported: (from, to) => edges.has(from, to),
    acceptVersion: settings.acceptVersion,
    install: settings.install,
    holdsReleases: held.length > 0,
    releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
    now: await dependencies.now(),
  });
  plan ??= dependencies.computePlan(observation.observedVersion, facts);
  const hop = step.kind === "hop" ? dependencies.expandHop(step.from, step.destination, facts) : null;
  const remaining = step.kind === "hop" ? dependencies.computePlan(step.destination, facts) : plan;
  const clusterUid = recorded.clusterUid ?? observation.clusterUid;
  return {
    step,
    plan,
    remaining,
    hop,
    observation: seen.observation,
    clusterUid,
    installed,
    facts,
    importedReleases: held,
    notice: createNotice(settings, seen, observation),
  };
}

function createNotice(
  { install }: Settings,
  { notice, observation: live }: { notice: string | null; observation: Observation | null },
  { observedVersion }: Observation,
): string | null {
  const ignored =
    install && live !== null
      ? `palette:install is true, but ${observedVersion} is installed: nothing is installed anew. Remove the key.`
      : null;
  return [notice, ignored].filter((sentence) => sentence !== null).join("\n") || null;
}

async function observeSite(
  settings: Settings,
  { observe, isPreview, recorded }: PrepareDependencies,
): Promise<{ observation: Observation | null; notice: string | null; installs: boolean }> {
  try {
    const observation = await observe();
    if (recorded.clusterUid !== undefined && recorded.clusterUid !== observation.clusterUid) {
      throw createClusterMismatchError(recorded.clusterUid, observation.clusterUid);
    }
    return { observation, notice: null, installs: false };
  } catch (error) {
    const toInstall = shouldInstall(settings, recorded);
    if (toInstall && isNothingInstalled(error)) {
      return { observation: null, notice: null, installs: true };
    }
    if (!isUnreachable(error)) throw error;
    if (!isPreview || (recorded.observedVersion === undefined && settings.expectedVersion === "")) {
      throw createUnreachableError(error, { isPreview, toInstall });
    }
    return {
      observation: null,
      installs: false,
      notice: `Preview without the cluster (${error.message}): ${describeVersionSource(recorded)}, gates will check, and releases still to be adopted are shown as new.`,
    };
  }
}

/** Prepares a fresh install: straight to the target, on a clean cluster only. */
async function prepareInstall(settings: Settings, dependencies: PrepareDependencies): Promise<Prepared> {
  const { matrix, recorded } = dependencies;
  const snapshot = await dependencies.readClusterSnapshot();
  const { clusterUid } = snapshot;
  if (recorded.clusterUid !== undefined && recorded.clusterUid !== clusterUid)
    throw createClusterMismatchError(recorded.clusterUid, clusterUid);
  const { destination, resuming, installed, notice } = decideInstall({
    snapshot,
    target: settings.target,
    listed: listVersions(matrix),
    releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
    now: await dependencies.now(),
  });
  // The releases beside hubble are those that the settings have values for.
  const facts = toSiteFacts(settings, [...installed.map(({ role }) => role), ...Object.keys(settings.values)]);
  const plan = dependencies.computePlan(destination, facts);
  return {
    step: { kind: "install", destination, resuming, declareReleases: true },
    plan,
    remaining: plan,
    hop: null,
    observation: { clusterUid, edition: settings.edition, observedVersion: destination, releases: [] },
    clusterUid,
    installed,
    facts,
    importedReleases: [],
    notice,
  };
}

function describeVersionSource({ observedVersion }: Recorded): string {
  return observedVersion === undefined
    ? "the version is that of palette:expectedVersion"
    : "versions are the recorded ones";
}

/** Uses the last outputs, or `palette:expectedVersion`, in place of an observation. */
function toRecordedObservation(settings: Settings, recorded: Recorded): Observation {
  return {
    clusterUid: recorded.clusterUid ?? "",
    edition: settings.edition,
    observedVersion: recorded.observedVersion ?? settings.expectedVersion,
    releases: [],
  };
}

/** Returns the plan. @throws RefusedError with the plan's own refusal. */
export function refuseUnlessPlanned(plan: Plan): Plan {
  if (plan.refusal === null) return plan;
  throw new RefusedError(plan.refusal.code, plan.refusal.message, {
    next: `See all of it: palette-upgrade plan --from ${plan.from} --to "${plan.to}" --matrix ${plan.matrix.id}`,
  });
}

/** Refusal codes of the observation where no version is deployed. */
const nothingInstalled: readonly string[] = ["NO_INSTALLATION", "NOTHING_DEPLOYED"];

/** Whether the cluster was read and no version is deployed there. */
export function isNothingInstalled(error: unknown): boolean {
  return error instanceof RefusedError && nothingInstalled.includes(error.code);
}

/** Whether the cluster could not be reached, or its kubeconfig not be used. */
export function isUnreachable(error: unknown): error is SiteError | InvalidInputError {
  return error instanceof SiteError || (error instanceof InvalidInputError && error.code.startsWith("KUBECONFIG"));
}

/** Whether this stack is to install Palette: `palette:install` is set and nothing was settled before. */
export function shouldInstall({ install }: Pick<Settings, "install">, { appliedVersion }: Recorded): boolean {
  return install && appliedVersion === undefined;
}

/** Creates the error of an update, or of a preview without a known version, whose cluster cannot be read. */
export function createUnreachableError(
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
  return 'For a preview without the cluster, set palette:expectedVersion to the installed version, e.g. "4.6.41".';
}
