import { RefusedError } from "../errors.js";
import { type Clock } from "../site/clock.js";
import { brokenJournal, heldEntries } from "./broken.js";
import { chainStart, lineOf, parseLine, sealEntry } from "./chain.js";
import { type JournalStore, type TornTail } from "./store.js";
import { type Actor, type JournalEntry, type JournalEvent, type OpenJournal } from "./types.js";

export interface JournalContext {
  stack: string;
  actor: Actor;
  /** Names this run in its entries. */
  run: string;
  clock: Clock;
}

const attempts = 50;

/** A journal over a store. Entries of one process are kept in the order in which they were handed over. */
export function journalOver(store: JournalStore, context: JournalContext): OpenJournal {
  let turn: Promise<unknown> = Promise.resolve();
  const keep = async (event: JournalEvent): Promise<JournalEntry> => {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const last = await newest(store);
      const entry = sealEntry({
        schemaVersion: 1,
        sequence: (last?.sequence ?? 0) + 1,
        at: (await context.clock.now()).toISOString(),
        stack: context.stack,
        run: context.run,
        actor: context.actor,
        event,
        previous: last?.hash ?? chainStart,
      });
      const outcome = await store.put(entry.sequence, lineOf(entry));
      if (outcome === "kept") return entry;
      if (outcome !== "taken") await keep(tornNote(outcome));
    }
    throw new RefusedError("JOURNAL_UNWRITABLE", `The journal ${store.where} is always written by somebody else.`, {
      next: "Look who writes to it; each stack keeps a journal of its own.",
    });
  };
  return {
    where: store.where,
    run: context.run,
    append: (event) => {
      const kept = turn.then(() => keep(event));
      turn = kept.catch(() => undefined);
      return kept;
    },
    entries: () => heldEntries(store),
  };
}

async function newest(store: JournalStore): Promise<JournalEntry | null> {
  const line = await store.last();
  return line === null ? null : (parseLine(line) ?? brokenAtItsEnd(store));
}

function brokenAtItsEnd(store: JournalStore): never {
  throw brokenJournal(store, "its newest entry is no entry, or was changed", null);
}

function tornNote({ bytes, sha256, keptAs }: TornTail): JournalEvent {
  return {
    kind: "note",
    code: "JOURNAL_TORN",
    message: `The last line was cut off (${bytes} bytes, sha256 ${sha256}): whoever wrote it was killed. It is kept as ${keptAs}.`,
  };
}
