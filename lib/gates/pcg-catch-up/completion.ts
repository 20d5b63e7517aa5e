import type { ClusterEvent } from "../../site/types.js";
import { computeProfileDigest } from "../pcg-readiness/profiles.js";
import { toErrorFinding, createNote, type Finding } from "../verdict/findings.js";
import type { GatewayFacts } from "./agent.js";

/** Text of the event with which Palette reports that a profile update is complete. */
const completionEventText = "all control planes are updated";

/** Evidence that a profile update was approved, and the time after which its completion is expected. */
interface Approval {
  /** ISO 8601: the completion event must be newer than this. */
  since: string;
  /** How the approval is known, as a clause for the message. */
  because: string;
  /** True if this run itself saw the update pending. */
  seen: boolean;
}

/**
 * Judges, when nothing is pending, whether an update that was approved since the version arrived is complete, whether
 * or not a run saw it pending. Palette's event reports completion. An approval that no run saw is detected from
 * Palette's notifications or from a profile that differs from the one before the hop.
 */
export function judgeCompletion(facts: GatewayFacts): Finding[] {
  const { subject, gateway } = facts;
  const { events } = gateway;
  if (events === null) return [];
  if (!events.ok) return [toErrorFinding(events.error, subject, `PCG ${subject}: its events could not be read`)];
  const approval = findLatestApproval(facts);
  if (approval === null) return [];
  if ("finding" in approval)
    return hasCompletionEvent(events.value, facts.arrival.deployedAt) ? [] : [approval.finding];
  if (hasCompletionEvent(events.value, approval.since)) return [];
  return [judgeWithoutEvent(facts, approval, events.value)];
}

function hasCompletionEvent(events: readonly ClusterEvent[], since: string): boolean {
  return events.some(
    ({ message, at }) => message.toLowerCase().includes(completionEventText) && Date.parse(at) > Date.parse(since),
  );
}

/** Finds the latest known approval; null if there certainly was none, a finding if that cannot be determined. */
function findLatestApproval(facts: GatewayFacts): Approval | { finding: Finding } | null {
  const { gateway, arrival, remembered, profileBefore } = facts;
  const seenAt = remembered?.updateSeenAt ?? null;
  const announcements = gateway.notifications?.ok === true ? gateway.notifications.value : [];
  const announced = announcements
    .filter(({ changedAt }) => isAtOrAfter(changedAt, arrival.deployedAt))
    .map(({ at }) => at);
  const digest = computeProfileDigest(gateway);
  const differs = profileBefore !== undefined && digest !== null && digest !== profileBefore;
  const approvals: Approval[] = [
    ...(seenAt === null ? [] : [{ since: seenAt, because: `it was pending at ${seenAt}`, seen: true }]),
    ...announced.map((at) => ({ since: at, because: `Palette announced it at ${at}`, seen: false })),
    ...(differs
      ? [{ since: arrival.deployedAt, because: "its profile is not the one before the hop", seen: false }]
      : []),
  ];
  const newest = approvals.sort((a, b) => Date.parse(b.since) - Date.parse(a.since))[0];
  if (newest !== undefined) return newest;
  const compared = profileBefore !== undefined && digest !== null;
  if (gateway.notifications?.ok === true || compared) return null;
  return { finding: createUnknownHistoryFinding(facts) };
}

function isAtOrAfter(time: string, since: string): boolean {
  return Date.parse(time) >= Date.parse(since);
}

/**
 * Judges an approved update without a completion event. Palette keeps events for a limited time: if they do not reach
 * back to the approval, and this run did not see the update pending, the cluster's report of its packs decides.
 */
function judgeWithoutEvent(facts: GatewayFacts, approval: Approval, events: readonly ClusterEvent[]): Finding {
  const { subject } = facts;
  const reachesBack = events.some(({ at }) => Date.parse(at) <= Date.parse(approval.since));
  if (!reachesBack && !approval.seen && hasAllPacksReady(facts)) {
    const message =
      `PCG ${subject}: a profile update was approved (${approval.because}) longer ago than its events reach back; ` +
      "every pack of its profile is reported ready at its version.";
    return createNote(message, subject);
  }
  const message =
    `PCG ${subject}: its profile update is approved and being applied (${approval.because}); the event "${completionEventText}" ` +
    `newer than ${approval.since} is awaited. Look at the gateway's Events in Palette where it does not come.`;
  return { outcome: "wait", code: "PCG_PROFILE_UPDATE_RUNNING", member: subject, message };
}

function hasAllPacksReady({ gateway: { applied } }: GatewayFacts): boolean {
  if (applied === null || !applied.ok) return false;
  const { profiles, packs } = applied.value;
  const wanted = profiles.flatMap((profile) => profile.packs);
  return (
    wanted.length > 0 &&
    wanted.every(({ name, version }) =>
      packs.some((pack) => pack.name === name && pack.version === version && pack.ready),
    )
  );
}

function createUnknownHistoryFinding({ subject, gateway, arrival }: GatewayFacts): Finding {
  const { notifications } = gateway;
  const what =
    `PCG ${subject}: nothing is pending, but whether a profile update was approved since ${arrival.deployedAt} cannot be determined ` +
    "(no profile was recorded before the hop), nor then whether it is complete. Look at the gateway's Events in Palette for " +
    `"${completionEventText}". Its notifications could not be read`;
  const error = notifications?.ok === false ? notifications.error : new Error("they were not asked for");
  const finding = toErrorFinding(error, subject, what);
  return finding.transient === true ? finding : { ...finding, code: "PCG_PROFILE_HISTORY_UNKNOWN" };
}
