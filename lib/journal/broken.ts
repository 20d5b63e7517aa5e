import { RefusedError } from "../errors.js";
import { verifyChain, type ChainVerdict } from "./chain.js";
import { type JournalStore } from "./store.js";
import { type JournalEntry } from "./types.js";

/**
 * All entries, oldest first, every hash and link checked.
 *
 * @throws RefusedError `JOURNAL_BROKEN` naming the first line that does not hold.
 */
export async function heldEntries(store: JournalStore): Promise<JournalEntry[]> {
  const verdict = verifyChain(await store.read());
  const broken = brokenChain(store, verdict);
  if (broken !== null) throw broken;
  return verdict.entries;
}

/** Null where the chain holds. Pure. */
export function brokenChain(store: JournalStore, { entries, fault }: ChainVerdict): RefusedError | null {
  if (fault === null) return null;
  return brokenJournal(store, fault.message, { line: fault.line, lastHeld: entries.at(-1) ?? null });
}

/** `at`: the line at fault and the entry before it; null where only the end was looked at. Pure. */
export function brokenJournal(
  store: JournalStore,
  what: string,
  at: { line: number; lastHeld: JournalEntry | null } | null,
): RefusedError {
  const place = at === null ? "" : ` at line ${at.line}`;
  const mark = at?.lastHeld == null ? `line-${at?.line ?? "last"}` : at.lastHeld.hash.slice(0, 12);
  return new RefusedError("JOURNAL_BROKEN", `The journal ${store.where} is broken${place}: ${what}.`, {
    next: [
      `Nothing moves on a broken journal. Keep it as it is, as evidence, and note ${toNote(at)}.`,
      store.anew(mark),
      "Then run the same command again: it begins a new journal.",
    ].join("\n"),
  });
}

function toNote(at: { lastHeld: JournalEntry | null } | null): string {
  if (at === null) return 'what "palette-upgrade journal verify" says of it';
  if (at.lastHeld === null) return "that no entry of it holds";
  return `the last hash that holds, ${at.lastHeld.hash} (entry ${at.lastHeld.sequence})`;
}
