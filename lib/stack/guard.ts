import { RefusedError } from "../errors.js";
import { type Gate, type GateReport } from "../gates/types.js";
import { type Observation } from "../site/types.js";
import { type Version } from "../version/version.js";
import { type HopGates } from "./hop-gates.js";
import { clusterMismatch, descriptionFor } from "./step.js";

/** A pass of the gates' Commands counts for a hook's single look while it is younger than this. */
export const freshSeconds = 5 * 60;

export interface GuardQuestion {
  from: Version;
  destination: Version;
  clusterUid: string;
  isSupported: (from: Version, to: Version) => boolean;
  /** Read anew, never the hook's old inputs. */
  observe: () => Promise<Observation>;
  gates: HopGates;
  judge: (gate: Gate, single: boolean) => Promise<GateReport>;
  /** When all gates of this hop have passed, ISO 8601, of the oldest pass; null when that is not known. */
  passedAt: () => string | null;
  /** All of them have passed here, just now. */
  notePass: (at: Date) => void;
  now: () => Promise<Date>;
}

/**
 * What stands between a release and its move, asked by a hook at the very moment: cluster, live version, the pair, and
 * the gates that hold for every release; before the first that moves, all gates. A passed Command does not run again when
 * something else has failed since, however long ago that is: this does.
 *
 * @throws RefusedError naming what refuses; the release then does not move.
 */
export async function guardRelease(release: string, question: GuardQuestion): Promise<void> {
  const { from, destination } = question;
  const seen = await question.observe();
  if (seen.clusterUid !== question.clusterUid) throw clusterMismatch(question.clusterUid, seen.clusterUid);
  const live = seen.observedVersion;
  if (live === destination) return;
  if (live !== from || !question.isSupported(live, destination)) {
    throw new RefusedError(
      "NOT_THIS_HOP",
      `Release ${release} was about to move for ${from} -> ${destination}, but ${live} is installed now${live === from ? ", and that pair is not a supported row" : ""}.`,
      { next: "Somebody else moved this installation, or the matrix changed: run a preview and look." },
    );
  }
  const single = await isFresh(question, seen);
  const { every, start } = question.gates;
  const due = single || isBegun(seen, destination) ? every : [...every, ...start];
  refuseUnpassed(await Promise.all(due.map((gate) => question.judge(gate, single))), release);
  if (!single) question.notePass(await question.now());
}

/** Some release bears the mark of this destination already, or the product has a revision of it. */
function isBegun({ releases }: Observation, destination: Version): boolean {
  return releases.some(
    ({ role, newest }) =>
      newest.description === descriptionFor(destination) || (role === "hubble" && newest.chartVersion === destination),
  );
}

/** A pass from before something moved is none: what a release that failed has begun may still be rolling. */
async function isFresh(question: GuardQuestion, seen: Observation): Promise<boolean> {
  const passedAt = question.passedAt();
  if (passedAt === null || hasMoved(seen, Date.parse(passedAt), question.destination)) return false;
  return isRecent(passedAt, await question.now());
}

/** Whether a pass of that time (ISO 8601) still counts now. */
export function isRecent(passedAt: string, now: Date): boolean {
  return now.getTime() - Date.parse(passedAt) <= freshSeconds * 1000;
}

/**
 * Whether some release has failed, or has got a revision since that is not this hop's own. Of a failed one its time is not
 * asked: Helm's clock is another machine's.
 */
function hasMoved({ releases }: Observation, since: number, destination: Version): boolean {
  return releases.some(
    ({ newest: { status, description, lastDeployed } }) =>
      status === "failed" ||
      (Date.parse(lastDeployed) > since && (status !== "deployed" || description !== descriptionFor(destination))),
  );
}

/** @throws RefusedError `GATE_REFUSED` naming what did not pass. */
export function refuseUnpassed(judged: readonly GateReport[], release: string): void {
  const reports = judged.filter((report) => report.outcome !== "pass");
  if (reports.length === 0) return;
  const lines = reports.flatMap((report) => report.reasons.map((reason) => `  - ${report.gate}: ${reason.message}`));
  throw new RefusedError(
    "GATE_REFUSED",
    `Release ${release} does not move; judged again at the last moment:\n${lines.join("\n")}\n${reports.map((report) => JSON.stringify(report)).join("\n")}`,
    { next: "Mend what is named and run the same command again." },
  );
}
