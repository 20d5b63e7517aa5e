import { type Refusal, toRefusal } from "../base/errors/refusal.js";
import { groupByRun, type RunHistory, type UpdateHistory } from "../journal/run-history.js";
import { type JournalEntry } from "../journal/types.js";
import { type HopInProgressReport } from "../program/step/hop-in-progress.js";

/** What a preview, a status or the end of a run says of a hop in progress. */
interface ShownHop {
  hopInProgress: HopInProgressReport | null;
  refusal: Refusal | null;
}

/**
 * Adds what the journal shows of who began the hop in progress to what is said of it, and to its refusal; every other
 * refusal stays as it is. Without a hop in progress the journal is not read. It decides nothing: a person reads it.
 */
export async function addWhoBegan<T extends ShownHop>(
  shown: T,
  readEntries: () => Promise<readonly JournalEntry[]>,
): Promise<T> {
  const { hopInProgress: hop, refusal } = shown;
  if (hop === null) return shown;
  const found = await readEntries().then((entries) => describeBegin(entries, hop), describeUnread);
  if (found === null) return shown;
  const add = <M extends { message: string }>(said: M): M => ({ ...said, message: `${said.message} ${found}` });
  return { ...shown, hopInProgress: add(hop), refusal: refusal?.code === "HOP_IN_PROGRESS" ? add(refusal) : refusal };
}

/** Describes the last update that began exactly this hop and did not finish it; null where there is none. Pure. */
function describeBegin(
  entries: readonly JournalEntry[],
  { from, to, begunBy }: Pick<HopInProgressReport, "from" | "to" | "begunBy">,
): string | null {
  const last = groupByRun(entries)
    .flatMap((run) => run.updates.map((update) => ({ run, update })))
    .filter(({ update: { started } }) => started.step === "hop" && started.from === from && started.to === to)
    .filter(({ update }) => hasMoved(update))
    .at(-1);
  if (last === undefined || last.update.ended?.outcome === "succeeded") return null;
  const lead =
    begunBy === "this tool"
      ? "The journal of this stack has its last update:"
      : "Yet the journal of this stack has an update of this tool that began this hop:";
  return `${lead} ${describeUpdate(last)}`;
}

/** Whether a release moved, or may have: older entries, and those of a killed run, do not say. */
function hasMoved({ ended }: UpdateHistory): boolean {
  return ended?.releases === undefined || ended.releases.length > 0;
}

function describeUpdate({ run, update }: { run: RunHistory; update: UpdateHistory }): string {
  const { actor } = run;
  const end = update.ended === null ? "has no end in it" : `ended ${update.ended.outcome}`;
  return `of ${update.startedAt}, run ${run.run}, by ${actor.user} on ${actor.host}; it ${end}.`;
}

function describeUnread(error: unknown): string {
  const { code, message } = toRefusal(error);
  return `What the journal of this stack shows of its begin is not known, because it cannot be read (${code}: ${message}).`;
}
