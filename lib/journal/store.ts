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
  /** Length of a last line that was cut off, as by a kill; 0 where there is none. It is no entry, and `read` leaves it out. */
  cutOffBytes(): Promise<number>;
  /** How to keep this journal as evidence and go on in a new one, in a sentence; `mark` becomes a part of a name. */
  anew(mark: string): string;
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
