/** The end of a line that a killed process left, moved aside as evidence. */
export interface TornTail {
  bytes: number;
  sha256: string;
  /** Where it lies now. */
  keptAs: string;
}

/** Keeps the lines of one stack's journal. */
export interface JournalStore {
  /** Shown to people, e.g. `.palette/journal/prod.jsonl`. */
  readonly where: string;
  /** Whole lines, oldest first. */
  read(): Promise<string[]>;
  /** The newest whole line, null where there is none. */
  last(): Promise<string | null>;
  /**
   * Keeps `line` as entry `sequence` and resolves once it would survive a power cut. `taken`: another writer has that
   * number. A torn tail is moved aside first, and nothing is kept.
   *
   * @throws RefusedError `JOURNAL_UNWRITABLE`.
   */
  put(sequence: number, line: string): Promise<"kept" | "taken" | TornTail>;
}
