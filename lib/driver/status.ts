import { type Refusal, toRefusal } from "../base/errors/refusal.js";
import { type JournalEntry } from "../journal/types.js";
import { type Plan } from "../planning/plan/types.js";
import { type LockOwner } from "../base/process/process-lock.js";
import { listOpenActs } from "../gates/consent/acknowledged.js";
import { type HopInProgressReport, reportHopInProgress } from "../program/step/hop-in-progress.js";
import { identifySite } from "../program/step/identify.js";
import { type ClusterAddress, type SiteIdentity } from "../site/identity.js";
import { type Prepared } from "../program/step/prepare.js";
import { type Recorded } from "../program/step/recorded.js";
import { type Settings } from "../settings/schema.js";
import { type Observation } from "../site/types.js";
import { type Version } from "../planning/version/version.js";
import { type DriverSnapshot } from "./driver-lock.js";
import { type LockHolder } from "../engine/stack-access.js";

/** What `status --output json` prints. Fields are added, never renamed or taken away, within one `schemaVersion`. */
export interface StackStatus {
  schemaVersion: 1;
  command: "status";
  stack: string;
  /** Read from the cluster; null where nothing is installed, or the cluster could not be read. */
  installed: Version | null;
  /**
   * Palette's own release as Helm has it, also where `up` would refuse; null where nothing is installed, or it could not
   * be read.
   */
  release: InstalledRelease | null;
  /** The cluster was read and has no Palette, and `palette:install` is set. */
  nothingInstalled: boolean;
  /** As of the last successful update; its checks have passed. Null before enrolment. */
  applied: Version | null;
  target: string;
  matrix: string;
  clusterUid: string | null;
  /** Which installation this is about, as far as it can be read from here. */
  identity: SiteIdentity;
  /** What the next `up` would do. */
  next: { step: "enrol" | "settle" | "hop" | "install" | "done"; to: Version } | null;
  /**
   * Stops of the route still ahead, including an installation; null where there is no route or it could not be planned.
   */
  remaining: Version[] | null;
  /** Acts before hops of that route that nobody has acknowledged. */
  openActs: { act: string; hop: string; text: string; irreversible: boolean }[];
  /** The hop in progress that the next `up` finishes; null where none is. */
  hopInProgress: HopInProgressReport | null;
  /** Why `up` would refuse before it began. */
  refusal: Refusal | null;
  /** A sentence on what could not be read. */
  notice: string | null;
  lock: (LockHolder & { advice: string }) | null;
  /** The `up` that drives the stack from this checkout now. */
  driver: LockOwner | null;
  /** `fault`: why it cannot be read or written, or where its chain does not hold. Entries behind a fault prove nothing. */
  journal: { where: string; entries: JournalEntry[]; fault: Refusal | null };
}

/** A release's deployed revision, and its newest where that is another. */
interface InstalledRelease {
  namespace: string;
  name: string;
  revision: number;
  newest: { revision: number; status: string; version: string } | null;
}

export interface StatusFacts {
  stack: string;
  settings: Settings;
  /** Where the kubeconfig leads. */
  address: ClusterAddress;
  recorded: Recorded;
  /** What the cluster was seen to run; null where it could not be read, or nothing is installed. */
  observation: Observation | null;
  /** Null where `refusal` says why. */
  prepared: Prepared | null;
  refusal: Refusal | null;
  lock: StackStatus["lock"];
  driver: DriverSnapshot;
  journal: StackStatus["journal"];
  /** `YYYY-MM-DD`. */
  today: string;
}

/** Creates the status from what was read. Pure. */
export function toStackStatus(facts: StatusFacts): StackStatus {
  const { stack, settings, recorded, observation, prepared, lock, driver, journal, today } = facts;
  const hopRefusal = prepared?.hopInProgress?.refusal ?? null;
  const refusal = facts.refusal ?? (hopRefusal === null ? findJournalRefusal(journal) : toRefusal(hopRefusal));
  const plan = prepared?.plan ?? null;
  const nothingInstalled = prepared?.step.kind === "install";
  return {
    schemaVersion: 1,
    command: "status",
    stack,
    installed: observation?.observedVersion ?? null,
    release: observation === null ? null : describeRelease(observation),
    nothingInstalled,
    applied: recorded.appliedVersion ?? null,
    target: settings.target,
    matrix: settings.matrix,
    clusterUid: recorded.clusterUid ?? null,
    identity: identifyStatus(facts),
    next: prepared === null || refusal !== null ? null : { step: prepared.step.kind, to: prepared.step.destination },
    remaining: plan === null || plan.refusal !== null ? null : listStops(plan, nothingInstalled),
    openActs: plan === null ? [] : listPlanActs(plan, settings, today),
    hopInProgress: reportHopInProgress(prepared?.hopInProgress ?? null),
    refusal,
    notice: [prepared?.notice, driver.unseen].filter(Boolean).join("\n") || null,
    lock,
    driver: driver.driver,
    journal,
  };
}

function describeRelease({ releases }: Observation): InstalledRelease | null {
  const hubble = releases.find(({ role }) => role === "hubble");
  if (hubble === undefined || hubble.deployed === null) return null;
  const { deployed, newest } = hubble;
  const { namespace, name, revision } = deployed;
  const other =
    newest.revision === revision
      ? null
      : { revision: newest.revision, status: newest.status, version: newest.chartVersion };
  return { namespace, name, revision, newest: other };
}

function identifyStatus({ stack, settings, address, prepared, observation }: StatusFacts): SiteIdentity {
  if (prepared !== null) return identifySite({ stack, settings, address, prepared });
  const { edition, site } = settings;
  const { clusterUid = null, observedVersion = null } = observation ?? {};
  return { stack, ...address, clusterUid, rootDomain: site.rootDomain, version: observedVersion, edition };
}

/** Lists the stops of a plan; a version that is still to be installed is the first of them. */
function listStops({ from, hops }: Plan, nothingInstalled: boolean): Version[] {
  return [...(nothingInstalled ? [from] : []), ...hops.map(({ to }) => to)];
}

/** Finds faults that stop `up` on any machine; missing credentials of a bucket may concern this machine only. */
function findJournalRefusal({ fault }: StackStatus["journal"]): Refusal | null {
  return fault !== null && ["JOURNAL_BROKEN", "JOURNAL_LOCATION"].includes(fault.code) ? fault : null;
}

function listPlanActs(plan: Plan, { acknowledge }: Settings, today: string): StackStatus["openActs"] {
  return plan.hops.flatMap((hop) =>
    listOpenActs(hop, acknowledge, today).map(({ name, text, irreversible }) => ({
      act: name,
      hop: `${hop.from}->${hop.to}`,
      text,
      irreversible,
    })),
  );
}
