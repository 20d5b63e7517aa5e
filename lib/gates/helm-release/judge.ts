import { type HelmRevision } from "../../site/types.js";
import { compareVersions, isVersion } from "../../planning/version/version.js";
import {
  formatReleaseKey,
  hubbleChart,
  judgePending,
  parseMarker,
  type PendingRevision,
} from "../../site/helm/releases.js";
import { findHopInProgress, type Installed } from "../../site/installation.js";
import { createNote, type Finding } from "../verdict/findings.js";
import { judgeDrift } from "./drift.js";
import { describeRevision } from "./describe-revision.js";
import { type HelmReleaseFacts } from "./facts.js";
import { judgeMovingRelease } from "./foreign.js";
import { describeStuckRemedy } from "./stuck.js";

/** Checks that every release of the set is deployed and that no other hop than this one is in progress. */
export function judgeHelmReleases(facts: HelmReleaseFacts): Finding[] {
  const newest = facts.installed.releases.map((release) => release.newest);
  return [
    ...newest.flatMap((revision) => judgeNewest(revision, facts)),
    ...newest.flatMap((revision) => judgeMarker(revision, facts)),
    ...(facts.settledRevisions.some(({ role }) => role === "hubble") ? [] : judgeForeignRevision(facts)),
    ...judgeRolledBack(facts),
    ...judgeDrift(facts),
    ...facts.movingReleases.flatMap(judgeMovingRelease),
    ...facts.installed.remarks.map((remark) => createNote(`FOREIGN_RECORD: ${remark}`)),
  ];
}

/** Lists newest revisions of the set that have been pending for longer than Helm's time limit. */
export function listStuckRevisions(
  { releases }: Installed,
  limits: Pick<HelmReleaseFacts, "now" | "releaseTimeoutSeconds">,
): HelmRevision[] {
  return releases.map(({ newest }) => newest).filter((newest) => judgePending(newest, limits)?.state === "stuck");
}

function judgeNewest(newest: HelmRevision, facts: HelmReleaseFacts): Finding[] {
  const { status } = newest;
  if (status === "deployed") return [];
  const pending = judgePending(newest, facts);
  if (pending !== null) return [createPendingFinding(newest, pending, facts)];
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

function createPendingFinding(
  newest: HelmRevision,
  { state, ageSeconds }: PendingRevision,
  facts: HelmReleaseFacts,
): Finding {
  if (state === "at-work") {
    const until = new Date(Date.parse(newest.lastDeployed) + facts.releaseTimeoutSeconds * 1000);
    return {
      outcome: "wait",
      code: "RELEASE_PENDING",
      member: newest.name,
      message:
        `${describeRevision(newest)} is ${newest.status}, begun ${formatAge(ageSeconds)} ago: someone is upgrading now, or the Helm of a ` +
        `killed run is still at work. Let it end; after ${until.toISOString()} it counts as stuck.`,
    };
  }
  const advice = describeStuckRemedy(
    newest,
    listRevisions(facts.installed),
    facts.runningByRelease[formatReleaseKey(newest)] ?? null,
  );
  return {
    outcome: "fail",
    code: "RELEASE_STUCK",
    member: newest.name,
    message: `${describeRevision(newest)} has been ${newest.status} for ${formatAge(ageSeconds)}, so its Helm is gone. ${advice}`,
  };
}

function judgeFailed(newest: HelmRevision, { installed, to, hopChartVersions }: HelmReleaseFacts): Finding {
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
      `${describeRevision(newest)} has failed: the hop ${installed.version} -> ${startedFor} was begun. ${startedFor} is the only ` +
      `next hop, whatever the target; finish it first. It is not rolled back: data may have been migrated.`,
  };
}

/** Judges a release other than hubble whose marker names a newer version than hubble's. */
function judgeMarker(newest: HelmRevision, { installed, to }: HelmReleaseFacts): Finding[] {
  const { version: live, hubble, releases } = installed;
  const markerVersion = parseMarker(newest);
  if (markerVersion === null || newest.chart === hubbleChart || compareVersions(markerVersion, live) <= 0) return [];
  const message = `${describeRevision(newest)} was moved for Palette ${markerVersion} while "${hubble.name}" is at ${live}: the set is half moved`;
  if (markerVersion === to || findHopInProgress(releases)?.to === to) {
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
function judgeForeignRevision({ installed }: HelmReleaseFacts): Finding[] {
  const { deployed, revisions } = installed.hubble;
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

/** Reports a newer version that failed and was rolled back by hand, as a remark: its migrations may have run. */
function judgeRolledBack({ installed }: HelmReleaseFacts): Finding[] {
  const { deployed, revisions } = installed.hubble;
  const tried = revisions.findLast(
    ({ revision, status, chartVersion }) =>
      revision < deployed.revision &&
      status === "failed" &&
      isVersion(chartVersion) &&
      compareVersions(chartVersion, installed.version) > 0,
  );
  if (tried === undefined) return [];
  const message =
    `ROLLED_BACK: ${describeRevision(tried)} has failed, and revision ${deployed.revision} for ${deployed.chartVersion} was deployed after it ("${deployed.description}"): ` +
    `data may be at ${tried.chartVersion} already. Settle with the vendor's support which version it is at before anything moves.`;
  return [createNote(message, deployed.name)];
}

/** Lists all revisions of the set. */
export function listRevisions({ releases }: Installed): HelmRevision[] {
  return releases.flatMap(({ revisions }) => revisions);
}

function formatAge(seconds: number): string {
  return seconds < 120 ? `${Math.max(0, Math.round(seconds))} s` : `${Math.round(seconds / 60)} minutes`;
}
