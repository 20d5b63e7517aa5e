import { type Context, findMemberConfig, findSelf, formatMemberLabel } from "./context.js";
import { type Finding, type RuleId } from "../finding.js";
import { formatState } from "./set.js";
import { computeSecondsBetween } from "./time.js";
import { type InitialSync, type MemberStatus, stateNames } from "../reply/status.js";

/** States that pass by themselves, with what to do meanwhile; any other needs a person. */
const passingStates: Readonly<Record<number, string>> = {
  0: "it is starting: wait",
  3: "wait for it to catch up; if it stays so, look into its log (too stale to catch up, or its disk is full)",
  5: "it is in its initial sync, which may take hours: wait",
  6: "nothing was heard from it: check its pod, the network and its key",
  8: "it is not reached: check its pod and the network",
  9: "it is undoing writes that the others do not have: wait, and look into its rollback files",
};
const syncMessage = /^syncing to: /;
const heartbeatsAllowed = 3;

/**
 * G06: checks that every member but the primary is SECONDARY, or ARBITER where so configured; any other state is a
 * fault.
 */
export function checkMemberStates(context: Context): Finding[] {
  const self = findSelf(context.members);
  const found = context.members.flatMap((member) => checkMemberState(context, member));
  const { myState } = context.status;
  if (self && myState !== null && myState !== self.state) {
    found.push(
      createWaitFinding(
        "G06",
        "MEMBER_STATE",
        self,
        `says of itself state ${myState} and lists itself as ${formatState(self)}; expected the same: the reply contradicts itself, ask again`,
      ),
    );
  }
  return found;
}

function checkMemberState(context: Context, member: MemberStatus): Finding[] {
  const name = formatMemberLabel(member.name);
  const { state } = member;
  const expected = state !== null && [1, 2, 7].includes(state) ? stateNames[state] : undefined;
  if (expected === undefined) {
    const advice = state === null ? "ask again" : (passingStates[state] ?? "repair or replace the member");
    const outcome = state === null ? "unknown" : state in passingStates ? "wait" : "fail";
    const stale =
      state === 3 && member.self && /could not find member to sync from/i.test(member.infoMessage)
        ? "; it finds no member to sync from, so it may be too stale and need a resync"
        : "";
    return [
      {
        rule: "G06",
        code: "MEMBER_STATE",
        member: name,
        outcome,
        message: `${name} is ${formatState(member)}, expected PRIMARY or SECONDARY: ${advice}${stale}.`,
      },
    ];
  }
  if (member.stateStr !== null && member.stateStr !== expected) {
    return [
      createWaitFinding(
        "G06",
        "MEMBER_STATE",
        member,
        `has state ${state} and is shown as "${member.stateStr}", expected ${expected}: the reply contradicts itself, ask again`,
      ),
    ];
  }
  const configured = findMemberConfig(context, member);
  if (configured && configured.arbiterOnly !== (state === 7)) {
    return [
      createWaitFinding(
        "G06",
        "MEMBER_STATE",
        member,
        `is ${formatState(member)}, expected ${configured.arbiterOnly ? "ARBITER" : "PRIMARY or SECONDARY"} as configured: wait, or fix the configuration`,
      ),
    ];
  }
  return [];
}

/** G07: checks that the answering member hears from every member. */
export function checkMemberHealth({ members }: Context): Finding[] {
  return members
    .filter((member) => member.health !== 1)
    .map((member) =>
      createWaitFinding(
        "G07",
        "MEMBER_HEALTH",
        member,
        `has health ${member.health ?? "missing"}, expected 1: check its pod and the network between the members`,
      ),
    );
}

/** G08: checks the faults that only the member itself reports. */
export function checkSelfFields({ members, status }: Context): Finding[] {
  const self = findSelf(members);
  const name = self ? formatMemberLabel(self.name) : null;
  const who = name ?? "The member asked";
  const found: Finding[] = [];
  if (status.initialSync)
    found.push({
      rule: "G08",
      code: "INITIAL_SYNC",
      member: name,
      outcome: "wait",
      message: `${who} is in its initial sync${formatSyncProgress(status.initialSync)}, expected none: wait until it is a SECONDARY.`,
    });
  if (status.tooStale)
    found.push({
      rule: "G08",
      code: "TOO_STALE",
      member: name,
      outcome: "fail",
      message: `${who} is too stale to catch up, expected to follow: it never heals by itself, resync it.`,
    });
  for (const member of members) {
    if (member.maintenanceMode !== null && member.maintenanceMode !== 0)
      found.push(
        createWaitFinding("G08", "MAINTENANCE_MODE", member, "is in maintenance mode, expected none: have it ended"),
      );
    if (member.authenticated === false) {
      const label = formatMemberLabel(member.name);
      found.push({
        rule: "G08",
        code: "AUTHENTICATION",
        member: label,
        outcome: "fail",
        message: `${label} is not authenticated to the others, expected authenticated: check its key file or certificate.`,
      });
    }
  }
  return found;
}

/**
 * Formats the progress of an initial sync as the server reports it; the sync may take hours, so nothing is estimated
 * here.
 */
function formatSyncProgress({ copiedBytes, totalBytes, remainingMillis }: InitialSync): string {
  const reported = [
    ...(copiedBytes === null || totalBytes === null
      ? []
      : [`${formatGigabytes(copiedBytes)} of ${formatGigabytes(totalBytes)} GB`]),
    ...(remainingMillis === null ? [] : [`about ${Math.ceil(remainingMillis / 60_000)} min left`]),
  ];
  return reported.length === 0 ? "" : ` (${reported.join(", ")})`;
}

function formatGigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

/** G09: checks that no heartbeat returned an error message. */
export function checkHeartbeatMessages({ members }: Context): Finding[] {
  return members
    .filter((member) => member.heartbeatMessage !== "" && !syncMessage.test(member.heartbeatMessage))
    .map((member) =>
      createWaitFinding(
        "G09",
        "HEARTBEAT_MESSAGE",
        member,
        `answers heartbeats with "${member.heartbeatMessage}", expected nothing: fix what it says`,
      ),
    );
}

/** G10: checks that heartbeats go both ways and are recent; a frozen member keeps state and health for ten seconds. */
export function checkHeartbeatAge({ members, status }: Context): Finding[] {
  const { date } = status;
  if (!date?.getTime()) {
    return [
      {
        rule: "G10",
        code: "DATE_MISSING",
        member: null,
        outcome: "unknown",
        message:
          "The reply holds no date, so the age of its heartbeats cannot be determined; ask again and keep the whole reply.",
      },
    ];
  }
  const limit = heartbeatsAllowed * status.heartbeatSeconds;
  return [...checkOwnHeartbeat(members, date), ...checkHeartbeatsOfOthers(members, date, limit)];
}

/** The server keeps no heartbeat of itself: a reply that lists one, other than never, is not as the server sent it. */
function checkOwnHeartbeat(members: readonly MemberStatus[], date: Date): Finding[] {
  const isKept = (at: Date | null): boolean => computeSecondsBetween(at, date) !== null;
  return members
    .filter(({ self, lastHeartbeat, lastHeartbeatRecv }) => self && [lastHeartbeat, lastHeartbeatRecv].some(isKept))
    .map((member) =>
      createWaitFinding(
        "G10",
        "HEARTBEAT_AGE",
        member,
        "lists a heartbeat of itself, expected none: the reply contradicts itself, ask again",
      ),
    );
}

function checkHeartbeatsOfOthers(members: readonly MemberStatus[], date: Date, limitSeconds: number): Finding[] {
  return members
    .filter((member) => !member.self)
    .flatMap((member) => {
      const stale = (
        [
          ["reached", member.lastHeartbeat],
          ["heard from", member.lastHeartbeatRecv],
        ] as const
      ).flatMap(([how, at]) => {
        const age = computeSecondsBetween(at, date);
        if (age === null) return [`was never ${how}`];
        if (Math.abs(age) <= limitSeconds) return [];
        return [`was last ${how} ${Math.abs(age).toFixed(1)} s ${age > 0 ? "before" : "after"} the reply`];
      });
      return stale.length === 0
        ? []
        : [
            createWaitFinding(
              "G10",
              "HEARTBEAT_AGE",
              member,
              `${stale.join(" and ")}, expected within ${limitSeconds} s: check whether it hangs or the network is cut`,
            ),
          ];
    });
}

function createWaitFinding(rule: RuleId, code: string, member: MemberStatus, what: string): Finding {
  const name = formatMemberLabel(member.name);
  return { rule, code, member: name, outcome: "wait", message: `${name} ${what}.` };
}
