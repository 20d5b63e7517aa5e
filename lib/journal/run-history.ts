import { type Actor, type JournalEntry, type JournalEvent } from "./types.js";

/** One run as its entries tell it. */
export interface RunHistory {
  run: string;
  /** ISO 8601. */
  startedAt: string;
  /** Null where nothing more was written: it is under way, or was killed. */
  endedAt: string | null;
  actor: Actor;
  started: Extract<JournalEvent, { kind: "run-started" }> | null;
  ended: Extract<JournalEvent, { kind: "run-ended" }> | null;
  updates: UpdateHistory[];
  /** Acts and notes outside of updates. */
  others: JournalEntry[];
}

/** One update of a run with all that was told while it ran. */
export interface UpdateHistory {
  startedAt: string;
  started: Extract<JournalEvent, { kind: "update-started" }>;
  /** Null: the run was killed in it, or it is under way. */
  ended: Extract<JournalEvent, { kind: "update-ended" }> | null;
  entries: JournalEntry[];
}

/** Entries by run and update, oldest first. Pure. */
export function runsOf(entries: readonly JournalEntry[]): RunHistory[] {
  const runs = new Map<string, RunHistory>();
  for (const entry of entries) {
    const run = runs.get(entry.run) ?? newRun(entry);
    runs.set(entry.run, run);
    take(run, entry);
  }
  return [...runs.values()];
}

function newRun({ run, at, actor }: JournalEntry): RunHistory {
  return { run, startedAt: at, endedAt: null, actor, started: null, ended: null, updates: [], others: [] };
}

function take(run: RunHistory, entry: JournalEntry): void {
  const { event, at } = entry;
  const update = run.updates.at(-1);
  const isOpen = update !== undefined && update.ended === null;
  switch (event.kind) {
    case "run-started":
      run.started = event;
      return;
    case "run-ended":
      run.ended = event;
      run.endedAt = at;
      return;
    case "update-started":
      run.updates.push({ startedAt: at, started: event, ended: null, entries: [] });
      return;
    case "update-ended":
      if (isOpen) update.ended = event;
      return;
    default:
      if (isOpen) update.entries.push(entry);
      else run.others.push(entry);
  }
}
