import type { ClusterEvent } from "../../site/types.js";
import { profileDigest } from "../pcg-readiness/profiles.js";
import { findingOfError, note, type Finding } from "../verdict.js";
import type { GatewayQuestion } from "./agent.js";

/** The words of the event by which Palette says that a profile update is complete. */
const completeWords = "all control planes are updated";

/** That a profile update was approved, and since when its completion is owed. */
interface Approval {
  /** ISO 8601: the completion is newer than this. */
  since: string;
  /** What tells of it, for the sentence. */
  because: string;
  /** Seen pending by this very run. */
  seen: boolean;
}

/**
 * Where nothing is pending: an update that was approved since the version came, whether a run saw it pending or not, is
 * complete when Palette's event says so. What tells of it later: Palette's notifications, and a profile other than before the hop.
 */
export function judgeCompletion(question: GatewayQuestion): Finding[] {
  const { subject, gateway } = question;
  const { events } = gateway;
  if (events === null) return [];
  if (!events.ok) return [findingOfError(events.error, subject, `PCG ${subject}: its events could not be read`)];
  const approval = approvalOf(question);
  if (approval === null) return [];
  if ("finding" in approval) return isComplete(events.value, question.arrival.deployedAt) ? [] : [approval.finding];
  if (isComplete(events.value, approval.since)) return [];
  return [judgeWithoutEvent(question, approval, events.value)];
}

function isComplete(events: readonly ClusterEvent[], since: string): boolean {
  return events.some(
    ({ message, at }) => message.toLowerCase().includes(completeWords) && Date.parse(at) > Date.parse(since),
  );
}

/** The newest approval that is known of; null where it is known that there was none. */
function approvalOf(question: GatewayQuestion): Approval | { finding: Finding } | null {
  const { gateway, arrival, remembered, profileBefore } = question;
  const seenAt = remembered?.updateSeenAt ?? null;
  const told = gateway.notifications?.ok === true ? gateway.notifications.value : [];
  const announced = told.filter(({ changedAt }) => isSince(changedAt, arrival.deployedAt)).map(({ at }) => at);
  const digest = profileDigest(gateway);
  const differs = profileBefore !== undefined && digest !== null && digest !== profileBefore;
  const known: Approval[] = [
    ...(seenAt === null ? [] : [{ since: seenAt, because: `it was pending at ${seenAt}`, seen: true }]),
    ...announced.map((at) => ({ since: at, because: `Palette announced it at ${at}`, seen: false })),
    ...(differs
      ? [{ since: arrival.deployedAt, because: "its profile is not the one before the hop", seen: false }]
      : []),
  ];
  const newest = known.sort((a, b) => Date.parse(b.since) - Date.parse(a.since))[0];
  if (newest !== undefined) return newest;
  const compared = profileBefore !== undefined && digest !== null;
  if (gateway.notifications?.ok === true || compared) return null;
  return { finding: cannotTell(question) };
}

function isSince(time: string, since: string): boolean {
  return Date.parse(time) >= Date.parse(since);
}

/**
 * Palette keeps events for a time only: where its log does not reach back so far, and nobody saw the update pending, the
 * cluster's own report of its packs decides.
 */
function judgeWithoutEvent(question: GatewayQuestion, approval: Approval, events: readonly ClusterEvent[]): Finding {
  const { subject } = question;
  const reachesBack = events.some(({ at }) => Date.parse(at) <= Date.parse(approval.since));
  if (!reachesBack && !approval.seen && packsAreReady(question)) {
    const message =
      `PCG ${subject}: a profile update was approved (${approval.because}) longer ago than its events reach back; ` +
      "every pack of its profile is reported ready at its version.";
    return note(message, subject);
  }
  const message =
    `PCG ${subject}: its profile update is approved and being applied (${approval.because}); the event "${completeWords}" ` +
    `newer than ${approval.since} is awaited. Look at the gateway's Events in Palette where it does not come.`;
  return { outcome: "wait", code: "PCG_PROFILE_UPDATE_RUNNING", member: subject, message };
}

function packsAreReady({ gateway: { applied } }: GatewayQuestion): boolean {
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

function cannotTell({ subject, gateway, arrival }: GatewayQuestion): Finding {
  const { notifications } = gateway;
  const what =
    `PCG ${subject}: nothing is pending, but whether a profile update was approved since ${arrival.deployedAt} cannot be told ` +
    "(no profile was recorded before the hop), nor then whether it is complete. Look at the gateway's Events in Palette for " +
    `"${completeWords}". Its notifications could not be read`;
  const error = notifications?.ok === false ? notifications.error : new Error("they were not asked for");
  const finding = findingOfError(error, subject, what);
  return finding.transient === true ? finding : { ...finding, code: "PCG_PROFILE_HISTORY_UNKNOWN" };
}
