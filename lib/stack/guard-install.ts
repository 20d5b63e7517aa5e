import { RefusedError } from "../errors.js";
import { type Gate, type GateReport } from "../gates/types.js";
import { versions } from "../matrix/lookup.js";
import { type Observation } from "../site/types.js";
import { type Version } from "../version/version.js";
import { isRecent, refuseUnpassed } from "./guard.js";
import { decideInstall, type InstallDecision } from "./install.js";
import { clusterMismatch } from "./step.js";
import { type Update } from "./update.js";

export interface GuardInstallQuestion extends Pick<
  Update,
  "settings" | "matrix" | "observe" | "installSight" | "clock"
> {
  destination: Version;
  clusterUid: string;
  /** All gates before it; those that need an installation pass with a word why. */
  gates: readonly Gate[];
  judge: (gate: Gate) => Promise<GateReport>;
  /** When all of them have passed, ISO 8601, of the oldest pass; null when that is not known. */
  passedAt: () => string | null;
}

/**
 * What stands between a release of a fresh install and its creation, asked by a hook at the very moment: the cluster is the
 * one that was found clean, and holds nothing but what this install has made; before its first release all gates, where
 * their Commands passed in an earlier update (a passed Command does not run again).
 *
 * @throws RefusedError naming what refuses; the release is then not created.
 */
export async function guardInstall(release: string, question: GuardInstallQuestion): Promise<void> {
  const { destination, clusterUid, installSight } = question;
  const live = await installedVersion(question);
  const sight = await installSight();
  if (sight.clusterUid !== clusterUid) throw clusterMismatch(clusterUid, sight.clusterUid);
  if (live === destination) return;
  const decision = live === null ? await decided(question, sight) : null;
  const found = live ?? decision?.destination;
  if (found !== destination)
    throw new RefusedError(
      "NOT_THIS_INSTALL",
      `Release ${release} was about to be created for ${destination}, but ${found} is ${live === null ? "being installed" : "installed"} now.`,
      { next: "Somebody else is installing on this cluster: run a preview and look." },
    );
  const passedAt = question.passedAt();
  const isFresh = passedAt !== null && isRecent(passedAt, await question.clock.now());
  if (decision?.resuming === true || isFresh) return;
  refuseUnpassed(await Promise.all(question.gates.map(question.judge)), release);
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
): Promise<InstallDecision> {
  return decideInstall({
    sight,
    target: settings.target,
    listed: versions(matrix),
    releaseTimeoutSeconds: settings.releaseTimeoutSeconds,
    now: await clock.now(),
  });
}
