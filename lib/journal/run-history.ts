import { type Actor } from "../gates/consent/actor.js";
import { type JournalEntry, type JournalEvent } from "./types.js";

/** One run, reconstructed from its entries. */
export interface RunHistory {
  run: string;
  /** ISO 8601. */
  startedAt: string;
  /** Null if no end was written: the run is in progress, or was killed. */
  endedAt: string | null;
  actor: Actor;
  started: Extract<JournalEvent, { kind: "run-started" }> | null;
  ended: Extract<JournalEvent, { kind: "run-ended" }> | null;
  updates: UpdateHistory[];
  /** Acts and notes outside of updates. */
  others: JournalEntry[];
}

/** One update of a run, with all entries written while it ran. */
export interface UpdateHistory {
  startedAt: string;
  started: Extract<JournalEvent, { kind: "update-started" }>;
  /** Null if the update is in progress, or the run was killed during it. */
  ended: Extract<JournalEvent, { kind: "update-ended" }> | null;
  entries: JournalEntry[];
}

/** Groups entries by run and update, oldest first. Pure. */
export function groupByRun(entries: readonly JournalEntry[]): RunHistory[] {
  const runs = new Map<string, RunHistory>();
  for (const entry of entries) {
    const run = runs.get(entry.run) ?? createRun(entry);
    runs.set(entry.run, run);
    addEntry(run, entry);
  }
  return [...runs.values()];
}

function createRun({ run, at, actor }: JournalEntry): RunHistory {
  return { run, startedAt: at, endedAt: null, actor, started: null, ended: null, updates: [], others: [] };
}

function addEntry(run: RunHistory, entry: JournalEntry): void {
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
