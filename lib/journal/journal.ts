import { RefusedError } from "../base/errors/errors.js";
import { type Actor } from "../gates/consent/actor-type.js";
import { type Clock } from "../base/time/clock.js";
import { createBrokenJournalError, readVerifiedEntries } from "./broken.js";
import { chainStart, formatLine, parseLine, sealEntry } from "./chain.js";
import { type JournalStore, type TornTail } from "./store.js";
import { type JournalEntry, type JournalEvent, type OpenJournal } from "./types.js";

export interface JournalContext {
  stack: string;
  actor: Actor;
  /** Name of this run, written into its entries. */
  run: string;
  clock: Clock;
}

const attempts = 50;

/** Creates a journal on a store. Entries of one process are written in the order of the `append` calls. */
export function createJournal(store: JournalStore, context: JournalContext): OpenJournal {
  let queue: Promise<unknown> = Promise.resolve();
  const appendEntry = async (event: JournalEvent): Promise<JournalEntry> => {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const last = await readNewestEntry(store);
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
      const outcome = await store.put(entry.sequence, formatLine(entry));
      if (outcome === "kept") return entry;
      if (outcome !== "taken") await appendEntry(createTornNote(outcome));
    }
    throw new RefusedError("JOURNAL_UNWRITABLE", `The journal ${store.where} is always written by somebody else.`, {
      next: "Look who writes to it; each stack keeps a journal of its own.",
    });
  };
  return {
    where: store.where,
    run: context.run,
    append: (event) => {
      const kept = queue.then(() => appendEntry(event));
      queue = kept.catch(() => undefined);
      return kept;
    },
    readEntries: () => readVerifiedEntries(store),
  };
}

async function readNewestEntry(store: JournalStore): Promise<JournalEntry | null> {
  const line = await store.readLast();
  return line === null ? null : (parseLine(line) ?? throwBrokenEnd(store));
}

function throwBrokenEnd(store: JournalStore): never {
  throw createBrokenJournalError(store, "its newest entry is no entry, or was changed", null);
}

function createTornNote({ bytes, sha256, keptAs }: TornTail): JournalEvent {
  return {
    kind: "note",
    code: "JOURNAL_TORN",
    message: `The last line was cut off (${bytes} bytes, sha256 ${sha256}): whoever wrote it was killed. It is kept as ${keptAs}.`,
  };
}
