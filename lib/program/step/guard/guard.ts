import { RefusedError } from "../../../base/errors/errors.js";
import { type Gate, type GateReport } from "../../../gates/verdict/types.js";
import { type Observation } from "../../../site/types.js";
import { type Version } from "../../../planning/version/version.js";
import { type HopGates } from "../site-gates.js";
import { formatMarker } from "../../../site/helm/releases.js";
import { type Observed, requireInstalled } from "../observe.js";
import { createClusterMismatchError } from "../step.js";
import { judgeStep } from "../step-verdict.js";

/** While the gates' Commands passed more recently than this, a hook takes only one sample of each gate. */
export const freshSeconds = 5 * 60;

/** What the guards of one run have done so far; a new run knows nothing of the last one's. */
export interface GuardedRun {
  /** Whether all gates have passed in this run since it began, so that its first release could move. */
  hasJudgedAll: boolean;
}

export interface GuardReleaseInput {
  run: GuardedRun;
  from: Version;
  destination: Version;
  clusterUid: string;
  isSupported: (from: Version, to: Version) => boolean;
  /** Reads the cluster again, never the hook's old inputs. */
  observe: () => Promise<Observed>;
  gates: HopGates;
  judge: (gate: Gate, single: boolean) => Promise<GateReport>;
  /** When the oldest gate of this hop passed, ISO 8601; null while not all are known to have passed in this run. */
  getPassedAt: () => string | null;
  /** Records that all of them have just passed here. */
  recordPass: (at: Date) => void;
  now: () => Promise<Date>;
}

/**
 * Checks in a hook, right before a release moves: the cluster, the installed version, the pair of versions, and the
 * gates that apply to every release; before the first release that moves in this run, all gates, whether the hop begins,
 * is resumed, or has installed its destination already. A Command that has passed does not run again after another
 * resource failed; this check does.
 *
 * @throws RefusedError naming what refuses; the release then does not move.
 */
export async function guardRelease(release: string, input: GuardReleaseInput): Promise<void> {
  const { from, destination } = input;
  const seen = requireInstalled(await input.observe());
  if (seen.clusterUid !== input.clusterUid) throw createClusterMismatchError(input.clusterUid, seen.clusterUid);
  const live = seen.observedVersion;
  if (live !== destination && (live !== from || !input.isSupported(live, destination))) {
    throw new RefusedError(
      "NOT_THIS_HOP",
      `Release ${release} was about to move for ${from} -> ${destination}, but ${live} is installed now${live === from ? ", and that pair is not a supported row" : ""}.`,
      { next: "Somebody else moved this installation, or the matrix changed: run a preview." },
    );
  }
  const single = await isFresh(input, seen);
  const { every, start } = input.gates;
  const due = single || input.run.hasJudgedAll ? every : [...every, ...start];
  refuseUnpassed(await Promise.all(due.map((gate) => input.judge(gate, single))), `Release ${release} does not move`);
  input.run.hasJudgedAll = true;
  if (!single) input.recordPass(await input.now());
}

/** A pass does not count once something has moved since: a failed release may still be rolling out. */
async function isFresh(input: GuardReleaseInput, seen: Observation): Promise<boolean> {
  const passedAt = input.getPassedAt();
  if (passedAt === null || hasMoved(seen, Date.parse(passedAt), input.destination)) return false;
  return isRecent(passedAt, await input.now());
}

/** Whether a pass of that time (ISO 8601) still counts now. */
export function isRecent(passedAt: string, now: Date): boolean {
  return now.getTime() - Date.parse(passedAt) <= freshSeconds * 1000;
}

/**
 * Whether some release has failed, or has a newer revision that is not of this hop. The time of a failed one is not
 * compared, because it comes from the clock of the machine that ran Helm.
 */
function hasMoved({ releases }: Observation, since: number, destination: Version): boolean {
  return releases.some(
    ({ newest: { status, description, lastDeployed } }) =>
      status === "failed" ||
      (Date.parse(lastDeployed) > since && (status !== "deployed" || description !== formatMarker(destination))),
  );
}

/** @throws RefusedError `GATE_REFUSED` naming what did not pass. `refused`: what therefore does not happen. */
export function refuseUnpassed(judged: readonly GateReport[], refused: string): void {
  const { against: reports } = judgeStep({ answers: judged, openActs: [] });
  if (reports.length === 0) return;
  const lines = reports.flatMap((report) => report.reasons.map((reason) => `  - ${report.gate}: ${reason.message}`));
  throw new RefusedError(
    "GATE_REFUSED",
    `${refused}; judged again at the last moment:\n${lines.join("\n")}\n${reports.map((report) => JSON.stringify(report)).join("\n")}`,
    { next: "Fix what is named and run the same command again." },
  );
}
