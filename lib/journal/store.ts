/** An incomplete last line left by a killed process, moved to a file of its own as evidence. */
export interface TornTail {
  bytes: number;
  sha256: string;
  /** The file it was moved to. */
  keptAs: string;
}

/** Stores the lines of one stack's journal. */
export interface JournalStore {
  /** Shown to people, e.g. `.palette/journal/prod.jsonl`. */
  readonly where: string;
  /** Whole lines, oldest first. */
  read(): Promise<string[]>;
  /** Returns the length of an incomplete last line, as left by a kill; 0 if there is none. `read` omits it. */
  cutOffBytes(): Promise<number>;
  /** Describes in a sentence how to keep this journal as evidence and start a new one; `suffix` is part of its name. */
  describeRestart(suffix: string): string;
  /** Reads the newest whole line; null if there is none. */
  readLast(): Promise<string | null>;
  /**
   * Writes `line` as entry `sequence` and resolves once it is on durable storage. `taken`: another writer has used that
   * number. If there is a torn tail, it is moved aside and returned, and the line is not written.
   *
   * @throws RefusedError `JOURNAL_UNWRITABLE`.
   */
  put(sequence: number, line: string): Promise<"kept" | "taken" | TornTail>;
  /** Sets aside room for some entries, where the store can run full. @throws RefusedError `JOURNAL_UNWRITABLE`. */
  reserveRoom(): void;
  /** Gives that room back. */
  releaseRoom(): void;
}
