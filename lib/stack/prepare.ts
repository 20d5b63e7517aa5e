import { RefusedError } from "../errors.js";
import { edgesOf, versions } from "../matrix/lookup.js";
import { type Matrix } from "../matrix/types.js";
import { type Hop, type Plan, type SiteFacts } from "../plan/types.js";
import { type Observation } from "../site/types.js";
import { type Version } from "../version/version.js";
import { type HeldByHand } from "./hand-imported.js";
import { decideInstall, type InstallSight } from "./install.js";
import { type Recorded } from "./recorded.js";
import { type Settings } from "./settings-schema.js";
import { siteFacts } from "./site-facts.js";
import { clusterMismatch, decideStep, type Step } from "./step.js";
import { isNothingInstalled, isToInstall, isUnreachable, unreachable } from "./unread.js";

/** Everything this update does, decided before the first resource is declared. */
export interface Prepared {
  step: Step;
  /** The whole road from the installed version; null when it was not asked for because the plan refuses while settling. */
  plan: Plan | null;
  /** The road that remains once this update has succeeded. */
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
  held: HeldByHand[];
  /** A sentence when something could not be seen. */
  notice: string | null;
}

export interface PrepareDependencies {
  recorded: Recorded;
  observe: () => Promise<Observation>;
  matrix: Matrix;
  planFrom: (from: Version, facts: SiteFacts) => Plan;
  expandHop: (from: Version, to: Version, facts: SiteFacts) => Hop;
  isPreview: boolean;
  /** Releases that somebody imported into the stack by hand: asked only while nothing is recorded. */
  handImported: () => Promise<HeldByHand[]>;
  /** What the cluster shows beside Palette: asked only where something is to be installed. */
  installSight: () => Promise<InstallSight>;
  now: () => Promise<Date>;
}

/** Observes (or, in a preview without the cluster, falls back on the record), plans and decides. */
export async function prepare(settings: Settings, dependencies: PrepareDependencies): Promise<Prepared> {
  const { recorded } = dependencies;
  const seen = await look(settings, dependencies);
  if (seen.installs) return prepareInstall(settings, dependencies);
  const observation = seen.observation ?? fromRecord(settings, recorded);
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
  const facts = siteFacts(
    settings,
    installed.map(({ role }) => role),
  );
  const held = recorded.appliedVersion === undefined ? await dependencies.handImported() : [];
  const edges = edgesOf(dependencies.matrix);
  let plan: Plan | null = null;
  const step = decideStep({
    observation,
    recorded,
    nextVersion: () => {
      plan = refuseUnlessPlanned(dependencies.planFrom(observation.observedVersion, facts));
      return plan.hops[0]?.to ?? null;
    },
    isSupported: (from, to) => edges.has(from, to),
    acceptVersion: settings.acceptVersion,
    install: settings.install,
    holdsReleases: held.length > 0,
    releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
    now: await dependencies.now(),
  });
  plan ??= dependencies.planFrom(observation.observedVersion, facts);
  const hop = step.kind === "hop" ? dependencies.expandHop(step.from, step.destination, facts) : null;
  const remaining = step.kind === "hop" ? dependencies.planFrom(step.destination, facts) : plan;
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
    held,
    notice: noticeOf(settings, seen, observation),
  };
}

function noticeOf(
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

async function look(
  settings: Settings,
  { observe, isPreview, recorded }: PrepareDependencies,
): Promise<{ observation: Observation | null; notice: string | null; installs: boolean }> {
  try {
    const observation = await observe();
    if (recorded.clusterUid !== undefined && recorded.clusterUid !== observation.clusterUid) {
      throw clusterMismatch(recorded.clusterUid, observation.clusterUid);
    }
    return { observation, notice: null, installs: false };
  } catch (error) {
    const toInstall = isToInstall(settings, recorded);
    if (toInstall && isNothingInstalled(error)) {
      return { observation: null, notice: null, installs: true };
    }
    if (!isUnreachable(error)) throw error;
    if (!isPreview || (recorded.observedVersion === undefined && settings.expectedVersion === "")) {
      throw unreachable(error, { isPreview, toInstall });
    }
    return {
      observation: null,
      installs: false,
      notice: `Preview without the cluster (${error.message}): ${versionsOf(recorded)}, gates will check, and releases still to be adopted are shown as new.`,
    };
  }
}

/** An installation from nothing: straight to the target, on a clean cluster only. */
async function prepareInstall(settings: Settings, dependencies: PrepareDependencies): Promise<Prepared> {
  const { matrix, recorded } = dependencies;
  const sight = await dependencies.installSight();
  const { clusterUid } = sight;
  if (recorded.clusterUid !== undefined && recorded.clusterUid !== clusterUid)
    throw clusterMismatch(recorded.clusterUid, clusterUid);
  const { destination, resuming, installed, notice } = decideInstall({
    sight,
    target: settings.target,
    listed: versions(matrix),
    releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
    now: await dependencies.now(),
  });
  // What is to be there beside hubble is what the settings hold values for.
  const facts = siteFacts(settings, [...installed.map(({ role }) => role), ...Object.keys(settings.values)]);
  const plan = dependencies.planFrom(destination, facts);
  return {
    step: { kind: "install", destination, resuming, declareReleases: true },
    plan,
    remaining: plan,
    hop: null,
    observation: { clusterUid, edition: settings.edition, observedVersion: destination, releases: [] },
    clusterUid,
    installed,
    facts,
    held: [],
    notice,
  };
}

function versionsOf({ observedVersion }: Recorded): string {
  return observedVersion === undefined
    ? "the version is that of palette:expectedVersion"
    : "versions are the recorded ones";
}

/** The last outputs, or a person's word, in the place of an observation. */
function fromRecord(settings: Settings, recorded: Recorded): Observation {
  return {
    clusterUid: recorded.clusterUid ?? "",
    edition: settings.edition,
    observedVersion: recorded.observedVersion ?? settings.expectedVersion,
    releases: [],
  };
}

/** @throws RefusedError with the plan's own refusal. */
export function refuseUnlessPlanned(plan: Plan): Plan {
  if (plan.refusal === null) return plan;
  throw new RefusedError(plan.refusal.code, plan.refusal.message, {
    next: `See all of it: palette-upgrade plan --from ${plan.from} --to "${plan.to}" --matrix ${plan.matrix.id}`,
  });
}
