import { type HelmRevision } from "../../site/types.js";
import { compareVersions } from "../../planning/version/version.js";
import { findVersionInProgress, type Hubble, hubbleChart, parseMarker, selectNewestRevisions } from "../hubble.js";
import { createNote, type Finding } from "../verdict/findings.js";
import { judgeDrift } from "./drift.js";
import { type HelmReleaseFacts } from "./facts.js";
import { describeRevision, isInReleaseSet } from "./set.js";
import { describeStuckRemedy, formatReleaseKey } from "./stuck.js";

/** Checks that every release of the set is deployed and that no other hop than this one is in progress. */
export function judgeHelmReleases(facts: HelmReleaseFacts): Finding[] {
  const releaseSet = selectNewestRevisions(facts.revisions).filter((revision) =>
    isInReleaseSet(revision, facts.hubble),
  );
  return [
    ...releaseSet.flatMap((newest) => judgeNewest(newest, facts)),
    ...releaseSet.flatMap((newest) => judgeMarker(newest, facts)),
    ...(facts.settledRevisions.some(({ role }) => role === "hubble") ? [] : judgeForeignRevision(facts)),
    ...judgeDrift(facts),
  ];
}

/** Lists charts other than Palette itself whose newest revision has failed. */
export function listFailedCharts(revisions: readonly HelmRevision[], hubble: Hubble): string[] {
  return selectNewestRevisions(revisions)
    .filter((newest) => newest.status === "failed" && newest.chart !== hubbleChart && isInReleaseSet(newest, hubble))
    .map(({ chart }) => chart);
}

/** Lists newest revisions of the set that have been pending for longer than Helm's time limit. */
export function listStuckRevisions(
  revisions: readonly HelmRevision[],
  hubble: Hubble,
  { now, releaseTimeoutSeconds }: Pick<HelmReleaseFacts, "now" | "releaseTimeoutSeconds">,
): HelmRevision[] {
  return selectNewestRevisions(revisions).filter(
    (newest) =>
      newest.status.startsWith("pending-") &&
      isInReleaseSet(newest, hubble) &&
      computeAgeSeconds(newest, now) >= releaseTimeoutSeconds,
  );
}

function computeAgeSeconds({ lastDeployed }: HelmRevision, now: Date): number {
  return (now.getTime() - new Date(lastDeployed).getTime()) / 1000;
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
        `${describeRevision(newest)} has status ${status}, expected deployed. Find out who did this; ` +
        "nothing is upgraded on top of a release that is not there as a whole.",
    },
  ];
}

function judgePending(newest: HelmRevision, facts: HelmReleaseFacts): Finding {
  const startedAt = new Date(newest.lastDeployed);
  const ageSeconds = computeAgeSeconds(newest, facts.now);
  if (ageSeconds < facts.releaseTimeoutSeconds) {
    const until = new Date(startedAt.getTime() + facts.releaseTimeoutSeconds * 1000);
    return {
      outcome: "wait",
      code: "RELEASE_PENDING",
      member: newest.name,
      message:
        `${describeRevision(newest)} is ${newest.status}, begun ${formatAge(ageSeconds)} ago: someone is upgrading now, or the Helm of a ` +
        `killed run is still at work. Let it end; after ${until.toISOString()} it counts as stuck.`,
    };
  }
  const advice = describeStuckRemedy(newest, facts.revisions, facts.runningByRelease[formatReleaseKey(newest)] ?? null);
  return {
    outcome: "fail",
    code: "RELEASE_STUCK",
    member: newest.name,
    message: `${describeRevision(newest)} has been ${newest.status} for ${formatAge(ageSeconds)}, so its Helm is gone. ${advice}`,
  };
}

function judgeFailed(newest: HelmRevision, { hubble, to, hopChartVersions }: HelmReleaseFacts): Finding {
  const hopChartVersion = hopChartVersions[newest.chart];
  const startedFor =
    newest.chart === hubbleChart
      ? newest.chartVersion
      : (parseMarker(newest) ?? (hopChartVersion === newest.chartVersion ? to : null));
  if (startedFor === to) {
    const message = `${describeRevision(newest)} has failed: the hop to ${to} was begun, and this run takes it up again.`;
    return { outcome: "pass", code: "NOTE", member: newest.name, message: `HOP_BEGUN: ${message}` };
  }
  if (startedFor === null) {
    return {
      outcome: "fail",
      code: "RELEASE_FAILED",
      member: newest.name,
      message:
        `${describeRevision(newest)} has failed, and ${to} comes with ${hopChartVersion ?? "a chart that could not be read"}: which hop it ` +
        `belongs to is not known. Bring the release to status deployed the way it was begun, then run this again.`,
    };
  }
  return {
    outcome: "fail",
    code: "HOP_BEGUN",
    member: newest.name,
    message:
      `${describeRevision(newest)} has failed: the hop ${hubble.deployed.chartVersion} -> ${startedFor} was begun. ${startedFor} is the only ` +
      `next hop, whatever the target; finish it first. It is not rolled back: data may have been migrated.`,
  };
}

/** Judges a release other than hubble whose marker names a newer version than hubble's. */
function judgeMarker(newest: HelmRevision, { hubble, to, revisions }: HelmReleaseFacts): Finding[] {
  const markerVersion = parseMarker(newest);
  const live = hubble.deployed.chartVersion;
  if (markerVersion === null || newest.chart === hubbleChart || compareVersions(markerVersion, live) <= 0) return [];
  const message = `${describeRevision(newest)} was moved for Palette ${markerVersion} while "${hubble.name}" is at ${live}: the set is half moved`;
  if (markerVersion === to || findVersionInProgress(hubble, revisions) === to) {
    return [createNote(`SET_HALF_MOVED: ${message}, and this run takes the hop to ${to} up again.`, newest.name)];
  }
  return [
    {
      outcome: "fail",
      code: "SET_HALF_MOVED",
      member: newest.name,
      message: `${message}. ${markerVersion} is the only next hop, not ${to}; finish it first.`,
    },
  ];
}

/** Reports a foreign revision after one that this program made, as a remark; the plan knows what was accepted. */
function judgeForeignRevision({ hubble }: HelmReleaseFacts): Finding[] {
  const { deployed, revisions } = hubble;
  const managedRevision = revisions.findLast(
    (revision) => revision.revision < deployed.revision && parseMarker(revision) !== null,
  );
  if (managedRevision === undefined || parseMarker(deployed) !== null) return [];
  const values = managedRevision.valuesDigest === deployed.valuesDigest ? "with the same values" : "with other values";
  const message =
    `FOREIGN_REVISION: ${describeRevision(deployed)} was not made by this tool, as revision ${managedRevision.revision} (${managedRevision.chartVersion}) was: ` +
    `someone changed it by hand on ${deployed.lastDeployed}, ${values} ("${deployed.description}").`;
  return [createNote(message, deployed.name)];
}

function formatAge(seconds: number): string {
  return seconds < 120 ? `${Math.max(0, Math.round(seconds))} s` : `${Math.round(seconds / 60)} minutes`;
}
