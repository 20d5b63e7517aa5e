/** The journal: who did what to which installation, when and why. One JSON line an entry, each chained to the one before. */
import { type Actor } from "../gates/consent/actor.js";
import { type GateReport } from "../gates/verdict/types.js";
import { type SiteIdentity } from "../site/identity.js";
import { type Version } from "../planning/version/version.js";

/** A gate that stopped an update or a run, and why. */
export interface RefusingGate {
  gate: string;
  /** The gateway `tenant/name` or the own check, where the gate is about one. */
  subject?: string;
  when: "before" | "after";
  outcome: "fail" | "unknown";
  reasons: { code: string; message: string }[];
}

/** A release that an update started to change, as the engine reported it. */
export interface ReleaseMove {
  role: string;
  name: string;
  namespace: string;
  /** Chart version that the preview before it observed; null if it could not, or nothing was installed. */
  from: string | null;
  to: string;
  /** After `failed` and `unfinished` only Helm's own record tells whether, and how far, the release moved. */
  outcome: "moved" | "failed" | "unfinished";
}

/** What happened. Texts are redacted already. Fields are only ever added, as optional: older entries lack them. */
export type JournalEvent =
  | {
      kind: "run-started";
      command: string;
      target: string;
      change: string | null;
      matrix: { id: string; sha256: string };
      /** Name, version and commit of the tool. */
      tool?: string;
      /** Settings by which less is proved than by their defaults; absent where there is none. */
      loosened?: { key: string; value: string; standard: string }[];
    }
  | {
      kind: "update-started";
      step: "enrol" | "settle" | "hop" | "install";
      from: Version;
      to: Version;
      fingerprint: string | null;
      /** Who approved it; absent where nobody had to, or no release moves. */
      approvedBy?: string;
      chartDigests: Record<string, string>;
      /** Which installation it was made on. */
      identity?: SiteIdentity;
    }
  /** `release`: the release whose hook judged the gate again, just before it moved. */
  | { kind: "gate"; report: GateReport; release?: string }
  | { kind: "acknowledged"; act: string; hop: string; by: string; because: string; ticket: string | null }
  | {
      kind: "accepted";
      gate: string;
      subject: string;
      code: string;
      hop: string;
      by: string;
      because: string;
      ticket: string;
      until: string;
    }
  | {
      kind: "act";
      act: string;
      hop: string;
      outcome: "done" | "refused" | "failed";
      because: string;
      ticket: string | null;
      details: Record<string, string>;
      /** Name, version and commit of the tool. */
      tool?: string;
      /** Which installation it was asked for on. */
      identity?: SiteIdentity;
    }
  | {
      kind: "update-ended";
      from: Version;
      to: Version;
      outcome: "succeeded" | "failed" | "refused" | "interrupted";
      seconds: number;
      refusals: { code: string; message: string }[];
      /** The gates that stopped it. */
      gates?: RefusingGate[];
      releases?: ReleaseMove[];
      /** Why only a backup leads back; absent if this update did not pass the point of no return. */
      pointOfNoReturn?: string;
    }
  | {
      kind: "run-ended";
      /** `stopped`: at a requested limit; `declined`: a person did not confirm. Older entries call both `done`. */
      outcome: "done" | "stopped" | "declined" | "refused" | "not-now" | "interrupted" | "failed";
      exitCode: number;
      seconds: number;
      /** Why it ended, if nothing refused. */
      because?: string;
      refusals?: { code: string; message: string }[];
      gates?: RefusingGate[];
    }
  /** An observation worth reporting, e.g. values in clear text in a backup of the state. */
  | { kind: "note"; code: string; message: string };

/**
 * An entry as stored: `hash` is the sha256 of the canonical JSON of all else, `previous` the hash of the entry before.
 */
export interface JournalEntry {
  schemaVersion: 1;
  sequence: number;
  /** ISO 8601. */
  at: string;
  stack: string;
  run: string;
  actor: Actor;
  event: JournalEvent;
  previous: string;
  hash: string;
}

/** A journal that is open for one run on one stack. */
export interface Journal {
  /**
   * Resolves once the entry, and all that was handed over before it, is stored: for what must be recorded before
   * anything moves.
   *
   * @throws PaletteError `JOURNAL_UNWRITABLE`, `JOURNAL_BROKEN`; then the event is dropped.
   */
  append(event: JournalEvent): Promise<JournalEntry>;
  /**
   * Records what has happened. Never rejects: null if the store did not take it; then it stays first in the queue, is
   * tried again with the next event, and `settle` writes it to a file at the latest.
   */
  keep(event: JournalEvent): Promise<JournalEntry | null>;
  /** Waits for what is being written and writes what could not be stored to a file; null if all is stored. */
  settle(): Promise<UnstoredEvents | null>;
  /**
   * Sets aside room for the entries that end an update, where the store can run full.
   *
   * @throws RefusedError `JOURNAL_UNWRITABLE`.
   */
  reserveRoom(): void;
  /** Gives the room back, to be used by the next entries. */
  releaseRoom(): void;
  /** Reads all entries so far, oldest first. */
  readEntries(): Promise<JournalEntry[]>;
}

/** Events that the store did not take. */
export interface UnstoredEvents {
  count: number;
  /** The file they were written to; null if no file could be written either. */
  file: string | null;
  /** For people: how many, why, where they are, and what to do. */
  message: string;
}

/** The result of `openJournal`: a journal with its location and the name of this run. */
export interface OpenJournal extends Journal {
  /** Shown to people, e.g. `.palette/journal/prod.jsonl`. */
  readonly where: string;
  readonly run: string;
  /** Hash of the newest entry that this run has stored; zeros before the first. */
  readonly head: string;
}
