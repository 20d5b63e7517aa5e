import { RefusedError } from "../errors.js";
import { versions } from "../matrix/lookup.js";
import { type Observation } from "../site/types.js";
import { type Version } from "../version/version.js";
import { decideInstall } from "./install.js";
import { clusterMismatch } from "./step.js";
import { type Update } from "./update.js";

export interface GuardInstallQuestion extends Pick<
  Update,
  "settings" | "matrix" | "observe" | "installSight" | "clock"
> {
  destination: Version;
  clusterUid: string;
}

/**
 * What stands between a release of a fresh install and its creation, asked by a hook at the very moment: the cluster is the
 * one that was found clean, and holds nothing but what this install has made.
 *
 * @throws RefusedError naming what refuses; the release is then not created.
 */
export async function guardInstall(release: string, question: GuardInstallQuestion): Promise<void> {
  const { destination, clusterUid, installSight } = question;
  const live = await installedVersion(question);
  const sight = await installSight();
  if (sight.clusterUid !== clusterUid) throw clusterMismatch(clusterUid, sight.clusterUid);
  if (live === destination) return;
  const found = live ?? (await decided(question, sight));
  if (found === destination) return;
  throw new RefusedError(
    "NOT_THIS_INSTALL",
    `Release ${release} was about to be created for ${destination}, but ${found} is ${live === null ? "being installed" : "installed"} now.`,
    { next: "Somebody else is installing on this cluster: run a preview and look." },
  );
}

async function installedVersion({ observe }: GuardInstallQuestion): Promise<Version | null> {
  try {
    const seen: Observation = await observe();
    return seen.observedVersion;
  } catch (error) {
    if (error instanceof RefusedError && ["NO_INSTALLATION", "NOTHING_DEPLOYED"].includes(error.code)) return null;
    throw error;
  }
}

async function decided(
  { settings, matrix, clock }: GuardInstallQuestion,
  sight: Awaited<ReturnType<Update["installSight"]>>,
): Promise<Version> {
  return decideInstall({
    sight,
    target: settings.target,
    listed: versions(matrix),
    releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
    now: await clock.now(),
  }).destination;
}
