import { type Refusal } from "../base/errors/refusal.js";
import { groupByRun, type RunHistory, type UpdateHistory } from "../journal/run-history.js";
import { type JournalEntry } from "../journal/types.js";
import { type HopInProgressReport } from "../program/step/hop-in-progress.js";

/**
 * Describes what the journal shows of a hop in progress that bears no mark of this tool: the last update that began
 * exactly this hop and did not finish it. Null where there is none. It decides nothing: a person reads it. Pure.
 */
export function describeUnfinishedHop(
  entries: readonly JournalEntry[],
  hop: Pick<HopInProgressReport, "from" | "to" | "begunBy">,
): string | null {
  if (hop.begunBy === "this tool") return null;
  const last = groupByRun(entries)
    .flatMap((run) => run.updates.map((update) => ({ run, update })))
    .filter(({ update: { started } }) => started.step === "hop" && started.from === hop.from && started.to === hop.to)
    .filter(({ update }) => hasMoved(update))
    .at(-1);
  return last === undefined || last.update.ended?.outcome === "succeeded" ? null : formatUpdate(last);
}

/** Whether a release moved, or may have: older entries, and those of a killed run, do not say. */
function hasMoved({ ended }: UpdateHistory): boolean {
  return ended?.releases === undefined || ended.releases.length > 0;
}

function formatUpdate({ run, update }: { run: RunHistory; update: UpdateHistory }): string {
  const { actor } = run;
  const end = update.ended === null ? "has no end in it" : `ended ${update.ended.outcome}`;
  return (
    `Yet the journal of this stack has an update of this tool that began this hop: of ${update.startedAt}, ` +
    `run ${run.run}, by ${actor.user} on ${actor.host}; it ${end}.`
  );
}

/** Adds it to the refusal of a hop in progress; every other refusal stays as it is. Pure. */
export function addUnfinishedHop(
  refusal: Refusal,
  hop: HopInProgressReport | null,
  entries: readonly JournalEntry[],
): Refusal {
  const found = hop === null || refusal.code !== "HOP_IN_PROGRESS" ? null : describeUnfinishedHop(entries, hop);
  return found === null ? refusal : { ...refusal, message: `${refusal.message}\n${found}` };
}
