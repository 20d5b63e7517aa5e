import { RefusedError } from "../base/errors/errors.js";
import { type Actor } from "../gates/consent/actor.js";
import { type Clock } from "../base/time/clock.js";
import { createBrokenJournalError, readVerifiedEntries } from "./broken.js";
import { chainStart, formatLine, parseLine, sealEntry } from "./chain.js";
import { setEventsAside } from "./set-aside.js";
import { type JournalStore, type TornTail } from "./store.js";
import { type JournalEntry, type JournalEvent, type OpenJournal } from "./types.js";

export interface JournalContext {
  stack: string;
  actor: Actor;
  /** Name of this run, written into its entries. */
  run: string;
  clock: Clock;
  /** Where events are written that the store did not take. */
  asideFolder: string;
}

/** An event that waits to be stored. */
interface QueuedEvent {
  event: JournalEvent;
  at: Promise<Date>;
  /** Required: whoever waits gets the error, and the event leaves the queue. Others stay until `settle`. */
  isRequired: boolean;
  resolve: (entry: JournalEntry | null) => void;
  reject: (error: unknown) => void;
}

const attempts = 50;

/**
 * Creates a journal on a store. Entries of one process are written in the order in which they were handed over, with the
 * time at which they were.
 */
export function createJournal(store: JournalStore, context: JournalContext): OpenJournal {
  const queue: QueuedEvent[] = [];
  let writing: Promise<void> | null = null;
  let lastFailure: unknown = null;
  let head = chainStart;

  const writeQueue = async (): Promise<void> => {
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      try {
        const entry = await writeEntry(store, context, first.event, await first.at);
        queue.shift();
        head = entry.hash;
        first.resolve(entry);
      } catch (error) {
        lastFailure = error;
        writing = null;
        return answerAll(queue, error);
      }
    }
    writing = null;
  };

  const enqueue = (event: JournalEvent, isRequired: boolean): Promise<JournalEntry | null> => {
    const at = context.clock.now();
    at.catch(() => undefined);
    return new Promise<JournalEntry | null>((resolve, reject) => {
      queue.push({ event, at, isRequired, resolve, reject });
      writing ??= writeQueue();
    });
  };

  return {
    where: store.where,
    run: context.run,
    get head() {
      return head;
    },
    append: async (event) => (await enqueue(event, true))!,
    keep: (event) => enqueue(event, false),
    reserveRoom: () => store.reserveRoom(),
    releaseRoom: () => store.releaseRoom(),
    settle: async () => {
      if (writing !== null) await writing;
      const events = await Promise.all(queue.splice(0).map(async ({ event, at }) => ({ event, at: await at })));
      return events.length === 0
        ? null
        : setEventsAside(events, { ...context, where: store.where, cause: lastFailure });
    },
    readEntries: () => readVerifiedEntries(store),
  };
}

async function writeEntry(
  store: JournalStore,
  context: JournalContext,
  event: JournalEvent,
  at: Date,
): Promise<JournalEntry> {
  const { stack, run, actor } = context;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const last = await readNewestEntry(store);
    const entry = sealEntry({
      schemaVersion: 1,
      sequence: (last?.sequence ?? 0) + 1,
      at: at.toISOString(),
      stack,
      run,
      actor,
      event,
      previous: last?.hash ?? chainStart,
    });
    const outcome = await store.put(entry.sequence, formatLine(entry));
    if (outcome === "kept") return entry;
    if (outcome !== "taken") await writeEntry(store, context, createTornNote(outcome), at);
  }
  throw new RefusedError("JOURNAL_UNWRITABLE", `The journal ${store.where} is always written by somebody else.`, {
    next: "Look who writes to it; each stack keeps a journal of its own.",
  });
}

/** After a failure: required events leave the queue with the error, the others stay in it in their order. */
function answerAll(queue: QueuedEvent[], error: unknown): void {
  const waiting = queue.splice(0);
  queue.push(...waiting.filter(({ isRequired }) => !isRequired));
  for (const { isRequired, resolve, reject } of waiting) {
    if (isRequired) reject(error);
    else resolve(null);
  }
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
