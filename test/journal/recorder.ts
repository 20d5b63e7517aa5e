import { type JournalEvent, type OpenJournal } from "../../lib/journal/types.js";

/** A journal in memory that takes everything; the hash of an entry is its number. */
export function createRecorder(): { events: JournalEvent[]; journal: OpenJournal } {
  const events: JournalEvent[] = [];
  const record = (event: JournalEvent): Promise<never> =>
    Promise.resolve({ hash: String(events.push(event)) } as never);
  return {
    events,
    journal: {
      where: "journal",
      run: "run-1",
      get head() {
        return String(events.length);
      },
      append: record,
      keep: record,
      settle: () => Promise.resolve(null),
      reserveRoom: () => undefined,
      releaseRoom: () => undefined,
      readEntries: () => Promise.resolve([]),
    },
  };
}
