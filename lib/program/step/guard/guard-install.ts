import { RefusedError } from "../../../base/errors/errors.js";
import { type Gate, type GateReport } from "../../../gates/verdict/types.js";
import { listVersions } from "../../../planning/matrix/lookup.js";
import { type Version } from "../../../planning/version/version.js";
import { type GuardedRun, isRecent, refuseUnpassed } from "./guard.js";
import { decideInstall, type InstallDecision } from "../install.js";
import { requireInstalled } from "../observe.js";
import { createClusterMismatchError } from "../step.js";
import { type Update } from "../update.js";

export interface GuardInstallInput extends Pick<
  Update,
  "settings" | "matrix" | "observe" | "readClusterSnapshot" | "clock"
> {
  run: GuardedRun;
  destination: Version;
  clusterUid: string;
  /** All gates before it; those that need an installation pass as not applicable. */
  gates: readonly Gate[];
  judge: (gate: Gate) => Promise<GateReport>;
  /** When the oldest of them passed, ISO 8601; null while not all are known to have passed in this run. */
  getPassedAt: () => string | null;
}

/**
 * Checks in a hook, right before a release of a fresh install is created, that the cluster is the one that was found
 * clean and holds only what this install has created. Before the first release of each run all gates are judged again
 * unless they passed recently in that run: a Command that passed in an earlier update does not run again.
 *
 * @throws RefusedError naming what refuses; the release is then not created.
 */
export async function guardInstall(release: string, input: GuardInstallInput): Promise<void> {
  const { destination, clusterUid, readClusterSnapshot } = input;
  const live = await readInstalledVersion(input);
  const snapshot = await readClusterSnapshot();
  if (snapshot.clusterUid !== clusterUid) throw createClusterMismatchError(clusterUid, snapshot.clusterUid);
  const decision = live === null ? await decideAgain(input, snapshot) : null;
  const found = live ?? decision?.destination;
  if (found !== destination)
    throw new RefusedError(
      "NOT_THIS_INSTALL",
      `Release ${release} was about to be created for ${destination}, but ${found} is ${live === null ? "being installed" : "installed"} now.`,
      { next: "Somebody else is installing on this cluster: run a preview." },
    );
  if (input.run.hasJudgedAll) return;
  const passedAt = input.getPassedAt();
  const isFresh = passedAt !== null && isRecent(passedAt, await input.clock.now());
  if (!isFresh) refuseUnpassed(await Promise.all(input.gates.map(input.judge)), `Release ${release} does not move`);
  input.run.hasJudgedAll = true;
}

async function readInstalledVersion({ observe }: GuardInstallInput): Promise<Version | null> {
  const observed = await observe();
  return observed.state === "empty" ? null : requireInstalled(observed).observedVersion;
}

async function decideAgain(
  { settings, matrix, clock }: GuardInstallInput,
  snapshot: Awaited<ReturnType<Update["readClusterSnapshot"]>>,
): Promise<InstallDecision> {
  return decideInstall({
    snapshot,
    target: settings.target,
    listed: listVersions(matrix),
    releaseTimeoutSeconds: settings.helm.timeoutSeconds,
    now: await clock.now(),
  });
}
