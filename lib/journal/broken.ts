import { RefusedError } from "../base/errors/errors.js";
import { verifyChain, type ChainVerdict } from "./chain.js";
import { type JournalStore } from "./store.js";
import { type JournalEntry } from "./types.js";

/**
 * Reads all entries, oldest first, with every hash and link verified.
 *
 * @throws RefusedError `JOURNAL_BROKEN` naming the first line that is not valid.
 */
export async function readVerifiedEntries(store: JournalStore): Promise<JournalEntry[]> {
  const verdict = verifyChain(await store.read());
  const broken = toBrokenChainError(store, verdict);
  if (broken !== null) throw broken;
  return verdict.entries;
}

/** Creates the error for a broken chain; null if the chain is valid. Pure. */
export function toBrokenChainError(store: JournalStore, { entries, fault }: ChainVerdict): RefusedError | null {
  if (fault === null) return null;
  return createBrokenJournalError(store, fault.message, { line: fault.line, lastValid: entries.at(-1) ?? null });
}

/** Creates the error. `at`: the invalid line and the entry before it; null if only the last line was read. Pure. */
export function createBrokenJournalError(
  store: JournalStore,
  what: string,
  at: { line: number; lastValid: JournalEntry | null } | null,
): RefusedError {
  const place = at === null ? "" : ` at line ${at.line}`;
  const suffix = at?.lastValid == null ? `line-${at?.line ?? "last"}` : at.lastValid.hash.slice(0, 12);
  return new RefusedError("JOURNAL_BROKEN", `The journal ${store.where} is broken${place}: ${what}.`, {
    next: [
      `Nothing moves on a broken journal. Keep it is, as evidence, and note ${describeLastValidEntry(at)}.`,
      store.describeRestart(suffix),
      "Then run the same command again: it begins a new journal.",
    ].join("\n"),
  });
}

function describeLastValidEntry(at: { lastValid: JournalEntry | null } | null): string {
  if (at === null) return 'what "palette-upgrade journal verify" says of it';
  if (at.lastValid === null) return "that no entry of it holds";
  return `the last hash that holds, ${at.lastValid.hash} (entry ${at.lastValid.sequence})`;
}
