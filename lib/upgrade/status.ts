import { type JournalEntry } from "../journal/types.js";
import { type Plan } from "../plan/types.js";
import { type LockOwner } from "../process-lock.js";
import { openActs } from "../stack/acknowledged.js";
import { type Prepared } from "../stack/prepare.js";
import { type Recorded } from "../stack/recorded.js";
import { type Settings } from "../stack/settings-schema.js";
import { type Version } from "../version/version.js";
import { type DriverSight } from "./driver-lock.js";
import { type LockHolder } from "./stack-access.js";
import { type Refusal } from "./up-result.js";

/** What `status --output json` prints. Fields are added, never renamed or taken away, within one `schemaVersion`. */
export interface StackStatus {
  schemaVersion: 1;
  command: "status";
  stack: string;
  /** Read live; null where nothing is installed, or the cluster could not be asked. */
  installed: Version | null;
  /** The cluster was asked, holds no Palette, and `palette:install` is to put one there. */
  nothingInstalled: boolean;
  /** As of the last successful update; its checks have passed. Null before enrolment. */
  applied: Version | null;
  target: string;
  matrix: string;
  clusterUid: string | null;
  /** What the next `up` would do. */
  next: { step: "enrol" | "settle" | "hop" | "install" | "done"; to: Version } | null;
  /** Stops of the road still ahead, an installation the first of them; null where there is no road, or none could be planned. */
  remaining: Version[] | null;
  /** Acts that stand before hops of that road and that nobody has acknowledged. */
  openActs: { act: string; hop: string; text: string; irreversible: boolean }[];
  /** Why `up` would refuse before it began. */
  refusal: Refusal | null;
  /** What could not be seen, in a sentence. */
  notice: string | null;
  lock: (LockHolder & { advice: string }) | null;
  /** The `up` that drives the stack from this checkout now. */
  driver: LockOwner | null;
  /** `fault`: why it cannot be read or written, or where its chain does not hold. Entries behind a fault prove nothing. */
  journal: { where: string; entries: JournalEntry[]; fault: Refusal | null };
}

export interface StatusFacts {
  stack: string;
  settings: Settings;
  recorded: Recorded;
  /** Null where `refusal` says why. */
  prepared: Prepared | null;
  refusal: Refusal | null;
  lock: StackStatus["lock"];
  driver: DriverSight;
  journal: StackStatus["journal"];
  /** `YYYY-MM-DD`. */
  today: string;
}

/** Pure. */
export function statusOf(facts: StatusFacts): StackStatus {
  const { stack, settings, recorded, prepared, lock, driver, journal, today } = facts;
  const refusal = facts.refusal ?? journalRefusal(journal);
  const plan = prepared?.plan ?? null;
  const nothingInstalled = prepared?.step.kind === "install";
  return {
    schemaVersion: 1,
    command: "status",
    stack,
    // Where Palette is to be installed, the observation stands for what will be there.
    installed: nothingInstalled ? null : (prepared?.observation?.observedVersion ?? null),
    nothingInstalled,
    applied: recorded.appliedVersion ?? null,
    target: settings.target,
    matrix: settings.matrix,
    clusterUid: recorded.clusterUid ?? null,
    next: prepared === null || refusal !== null ? null : { step: prepared.step.kind, to: prepared.step.destination },
    remaining: plan === null || plan.refusal !== null ? null : stopsOf(plan, nothingInstalled),
    openActs: plan === null ? [] : actsOf(plan, settings, today),
    refusal,
    notice: [prepared?.notice, driver.unseen].filter(Boolean).join("\n") || null,
    lock,
    driver: driver.driver,
    journal,
  };
}

/** A plan begins where Palette is; what is to be installed is a stop of its own. */
function stopsOf({ from, hops }: Plan, nothingInstalled: boolean): Version[] {
  return [...(nothingInstalled ? [from] : []), ...hops.map(({ to }) => to)];
}

/** Faults that `up` meets wherever it runs; keys to a bucket may be missing here only. */
function journalRefusal({ fault }: StackStatus["journal"]): Refusal | null {
  return fault !== null && ["JOURNAL_BROKEN", "JOURNAL_LOCATION"].includes(fault.code) ? fault : null;
}

function actsOf(plan: Plan, { acknowledge }: Settings, today: string): StackStatus["openActs"] {
  return plan.hops.flatMap((hop) =>
    openActs(hop, acknowledge, today).map(({ name, text, irreversible }) => ({
      act: name,
      hop: `${hop.from}->${hop.to}`,
      text,
      irreversible,
    })),
  );
}
