/** The journal: who did what to which installation, when and why. One JSON line an entry, each chained to the one before. */
import type { GateReport } from "../gates/types.js";
import type { Version } from "../version/version.js";

/** Who runs: the user of this machine and, in CI, the identity the job runs as. */
export interface Actor {
  user: string;
  host: string;
  /** e.g. "github: octo/palette, run 4711, actor ana"; null outside CI. */
  ci: string | null;
}

/** A gate that stopped an update or a run, and why. */
export interface RefusingGate {
  gate: string;
  when: "before" | "after";
  outcome: "fail" | "unknown";
  reasons: { code: string; message: string }[];
}

/** A release that an update took in hand, as the engine told it. */
export interface ReleaseMove {
  role: string;
  name: string;
  namespace: string;
  /** Chart versions as the preview before it saw them; null where it could not see, or nothing was installed. */
  from: string | null;
  to: string;
  /** `failed`, `unfinished`: whether it moved, and how far, only Helm's own record tells. */
  outcome: "moved" | "failed" | "unfinished";
}

/** What happened. Text is redacted before it gets here. Fields are only added, and optional: older entries have none. */
export type JournalEvent =
  | {
      kind: "run-started";
      command: string;
      target: string;
      change: string | null;
      matrix: { id: string; sha256: string };
    }
  | {
      kind: "update-started";
      step: "enrol" | "settle" | "hop" | "install";
      from: Version;
      to: Version;
      fingerprint: string | null;
      chartDigests: Record<string, string>;
    }
  /** `release`: judged again by its hook, at the moment before it moved. */
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
    }
  | {
      kind: "update-ended";
      from: Version;
      to: Version;
      outcome: "succeeded" | "failed" | "refused" | "interrupted";
      seconds: number;
      refusals: { code: string; message: string }[];
      /** Those that stopped it. */
      gates?: RefusingGate[];
      releases?: ReleaseMove[];
      /** Why only a backup leads back; absent where this update did not pass that point. */
      pointOfNoReturn?: string;
    }
  | {
      kind: "run-ended";
      /** `stopped`: at a limit that was asked for; `declined`: a person did not say yes. Older entries call both `done`. */
      outcome: "done" | "stopped" | "declined" | "refused" | "not-now" | "interrupted" | "failed";
      exitCode: number;
      seconds: number;
      /** Why it ended there, where nothing refused. */
      because?: string;
      refusals?: { code: string; message: string }[];
      gates?: RefusingGate[];
    }
  /** What is observed in a state file or release record and is to be told, e.g. values left in clear in a backup. */
  | { kind: "note"; code: string; message: string };

/** An entry as it is kept: `hash` is sha256 over the canonical JSON of all else, `previous` the hash before it. */
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
  /** Resolves once the entry is kept. @throws PaletteError `JOURNAL_UNWRITABLE`, `JOURNAL_BROKEN`. */
  append(event: JournalEvent): Promise<JournalEntry>;
  /** All entries so far, oldest first. */
  entries(): Promise<JournalEntry[]>;
}

/** What `openJournal` gives: a journal with its place and the name of this run in it. */
export interface OpenJournal extends Journal {
  /** Shown to people, e.g. `.palette/journal/prod.jsonl`. */
  readonly where: string;
  readonly run: string;
}
