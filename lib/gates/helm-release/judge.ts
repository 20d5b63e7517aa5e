import type { HelmRevision } from "../../site/types.js";
import { compareVersions, type Version } from "../../version/version.js";
import { begunVersion, hubbleChart, markOf, newestOfEach, type Hubble } from "../hubble.js";
import { note, type Finding } from "../verdict.js";
import type { HeldRevision } from "../types.js";
import { judgeDrift } from "./drift.js";
import { adviceForStuck, releaseKey, type Running } from "./stuck.js";

/** Charts of a set, in the order in which their releases move. */
export const chartsOfSet = ["cert-manager", "spectro-mgmt-crds", "image-swap", "reach-system", hubbleChart] as const;

export interface HelmReleaseFacts {
  hubble: Hubble;
  /** All revisions of all releases that are seen. */
  revisions: HelmRevision[];
  /** What runs beside each stuck revision, by release: decides between the remedies. */
  running: Readonly<Record<string, Running>>;
  /** What Helm held when the installed version was settled. */
  held: readonly HeldRevision[];
  to: Version;
  /**
   * What `to` brings, by chart: Helm's record of an upgrade that failed has lost our mark, and tells its hop by its chart
   * alone. Without those that could not be read.
   */
  chartsOfHop: Readonly<Record<string, string>>;
  now: Date;
  releaseTimeoutSeconds: number;
}

/** Every release of the set is deployed, and no other hop than the one asked about has been begun. */
export function judgeHelmReleases(facts: HelmReleaseFacts): Finding[] {
  const set = newestOfEach(facts.revisions).filter((revision) => isOfSet(revision, facts.hubble));
  return [
    ...set.flatMap((newest) => judgeNewest(newest, facts)),
    ...set.flatMap((newest) => judgeMark(newest, facts)),
    ...(facts.held.some(({ role }) => role === "hubble") ? [] : judgeHand(facts)),
    ...judgeDrift(facts),
  ];
}

/** Charts other than Palette itself whose newest revision has failed. */
export function failedCharts(revisions: readonly HelmRevision[], hubble: Hubble): string[] {
  return newestOfEach(revisions)
    .filter((newest) => newest.status === "failed" && newest.chart !== hubbleChart && isOfSet(newest, hubble))
    .map(({ chart }) => chart);
}

/** Releases of the set whose newest revision has been pending for longer than Helm may take. */
export function stuckRevisions(
  revisions: readonly HelmRevision[],
  hubble: Hubble,
  { now, releaseTimeoutSeconds }: Pick<HelmReleaseFacts, "now" | "releaseTimeoutSeconds">,
): HelmRevision[] {
  return newestOfEach(revisions).filter(
    (newest) =>
      newest.status.startsWith("pending-") &&
      isOfSet(newest, hubble) &&
      secondsSince(newest, now) >= releaseTimeoutSeconds,
  );
}

function secondsSince({ lastDeployed }: HelmRevision, now: Date): number {
  return (now.getTime() - new Date(lastDeployed).getTime()) / 1000;
}

/** True for a release of this installation. */
export function isOfSet(revision: HelmRevision, hubble: Hubble): boolean {
  if (revision.chart === hubbleChart) return revision.name === hubble.name && revision.namespace === hubble.namespace;
  return (chartsOfSet as readonly string[]).includes(revision.chart);
}

function judgeNewest(newest: HelmRevision, facts: HelmReleaseFacts): Finding[] {
  const { status } = newest;
  if (status === "deployed") return [];
  if (status.startsWith("pending-")) return [judgePending(newest, facts)];
  if (status === "failed") return [judgeFailed(newest, facts)];
  return [
    {
      outcome: "fail",
      code: "RELEASE_NOT_DEPLOYED",
      member: newest.name,
      message:
        `${what(newest)} has status ${status}, expected deployed. Find out who did this; ` +
        "nothing is upgraded on top of a release that is not there as a whole.",
    },
  ];
}

function judgePending(newest: HelmRevision, facts: HelmReleaseFacts): Finding {
  const begun = new Date(newest.lastDeployed);
  const ageSeconds = secondsSince(newest, facts.now);
  if (ageSeconds < facts.releaseTimeoutSeconds) {
    const until = new Date(begun.getTime() + facts.releaseTimeoutSeconds * 1000);
    return {
      outcome: "wait",
      code: "RELEASE_PENDING",
      member: newest.name,
      message:
        `${what(newest)} is ${newest.status}, begun ${span(ageSeconds)} ago: someone is upgrading now, or the Helm of a ` +
        `killed run is still at work. Let it end; after ${until.toISOString()} it counts as stuck.`,
    };
  }
  const advice = adviceForStuck(newest, facts.revisions, facts.running[releaseKey(newest)] ?? null);
  return {
    outcome: "fail",
    code: "RELEASE_STUCK",
    member: newest.name,
    message: `${what(newest)} has been ${newest.status} for ${span(ageSeconds)}, so its Helm is gone. ${advice}`,
  };
}

function judgeFailed(newest: HelmRevision, { hubble, to, chartsOfHop }: HelmReleaseFacts): Finding {
  const comesWith = chartsOfHop[newest.chart];
  const begunFor =
    newest.chart === hubbleChart
      ? newest.chartVersion
      : (markOf(newest) ?? (comesWith === newest.chartVersion ? to : null));
  if (begunFor === to) {
    const message = `${what(newest)} has failed: the hop to ${to} was begun, and this run takes it up again.`;
    return { outcome: "pass", code: "NOTE", member: newest.name, message: `HOP_BEGUN: ${message}` };
  }
  if (begunFor === null) {
    return {
      outcome: "fail",
      code: "RELEASE_FAILED",
      member: newest.name,
      message:
        `${what(newest)} has failed, and ${to} comes with ${comesWith ?? "a chart that could not be read"}: which hop it ` +
        `belongs to is not known. Bring the release to status deployed the way it was begun, then run this again.`,
    };
  }
  return {
    outcome: "fail",
    code: "HOP_BEGUN",
    member: newest.name,
    message:
      `${what(newest)} has failed: the hop ${hubble.deployed.chartVersion} -> ${begunFor} was begun. ${begunFor} is the only ` +
      `next hop, whatever the target; finish it first. It is not rolled back: data may have been migrated.`,
  };
}

/** A release other than hubble that bears a newer mark of ours than what hubble is at. */
function judgeMark(newest: HelmRevision, { hubble, to, revisions }: HelmReleaseFacts): Finding[] {
  const mark = markOf(newest);
  const live = hubble.deployed.chartVersion;
  if (mark === null || newest.chart === hubbleChart || compareVersions(mark, live) <= 0) return [];
  const message = `${what(newest)} was moved for Palette ${mark} while "${hubble.name}" is at ${live}: the set is half moved`;
  if (mark === to || begunVersion(hubble, revisions) === to) {
    return [note(`SET_HALF_MOVED: ${message}, and this run takes the hop to ${to} up again.`, newest.name)];
  }
  return [
    {
      outcome: "fail",
      code: "SET_HALF_MOVED",
      member: newest.name,
      message: `${message}. ${mark} is the only next hop, not ${to}; finish it first.`,
    },
  ];
}

/** A revision by another hand after one of ours: told, and left to the plan, which knows what was accepted. */
function judgeHand({ hubble }: HelmReleaseFacts): Finding[] {
  const { deployed, revisions } = hubble;
  const ours = revisions.findLast((revision) => revision.revision < deployed.revision && markOf(revision) !== null);
  if (ours === undefined || markOf(deployed) !== null) return [];
  const values = ours.valuesDigest === deployed.valuesDigest ? "with the same values" : "with other values";
  const message =
    `FOREIGN_REVISION: ${what(deployed)} was not made by this tool, as revision ${ours.revision} (${ours.chartVersion}) was: ` +
    `someone changed it by hand on ${deployed.lastDeployed}, ${values} ("${deployed.description}").`;
  return [note(message, deployed.name)];
}

/** A revision in words. */
export function what({ name, namespace, revision, chartVersion }: HelmRevision): string {
  return `Helm release "${name}" in namespace "${namespace}": revision ${revision} for ${chartVersion}`;
}

function span(seconds: number): string {
  return seconds < 120 ? `${Math.max(0, Math.round(seconds))} s` : `${Math.round(seconds / 60)} minutes`;
}
