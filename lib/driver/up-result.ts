import { type Refusal } from "../base/errors/refusal.js";
import { type GateReport } from "../gates/verdict/types.js";
import { type SiteIdentity } from "../site/identity.js";
import { type Version } from "../planning/version/version.js";

/** How a run ended; the exit code says the same. */
export type UpOutcome = "done" | "stopped" | "refused" | "not-now" | "interrupted" | "failed";

/** One gate of an update, as its Command reported it. */
interface JudgedGate {
  gate: string;
  /** A gateway `tenant/name`; null where the gate is about the whole. */
  subject: string | null;
  when: "before" | "after";
  outcome: string;
  /** False: it passed because it had nothing to judge. */
  applicable: boolean;
  /** How many of its reasons were accepted by a person. */
  accepted: number;
}

/** One stack update of a run. */
export interface UpdateRecord {
  step: "enrol" | "settle" | "hop" | "install";
  from: Version;
  to: Version;
  outcome: "succeeded" | "failed" | "refused" | "interrupted";
  seconds: number;
  gates: JudgedGate[];
}

/** What `up --output json` prints. Fields are added, never renamed or taken away, within one `schemaVersion`. */
export interface UpResult {
  schemaVersion: 1;
  command: "up";
  stack: string;
  outcome: UpOutcome;
  exitCode: number;
  /** Why it ended where it ended, in a sentence. */
  message: string;
  /** Installed and proved at the end; null where nothing has been recorded. */
  applied: Version | null;
  target: string;
  /** Which installation it was about, as the last preview saw it; absent where none did. */
  identity?: SiteIdentity;
  updates: UpdateRecord[];
  /** Stops still ahead. */
  remaining: Version[];
  refusals: Refusal[];
  /** Reports of the gates that stopped it. */
  gates: GateReport[];
  /** Messages beside the outcome, e.g. on copies that hold values in clear text. */
  notes: string[];
  journal: { where: string; run: string; head: string } | null;
}

export const exitCodes: Record<UpOutcome, number> = {
  done: 0,
  stopped: 0,
  refused: 3,
  "not-now": 5,
  interrupted: 130,
  failed: 1,
};
