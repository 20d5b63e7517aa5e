import { type Context, findMemberConfig, findPrimary, formatMemberLabel, listHealthyDataVoters } from "./context.js";
import { type Finding } from "../finding.js";
import { computeSecondsBetween } from "./time.js";
import { type MemberStatus } from "../reply/status.js";

/** How far a member's data is behind, in seconds; null where the reply does not report. */
export interface Lag {
  member: string;
  seconds: number | null;
  limitSeconds: number;
}

const getOptimeSeconds = (member: MemberStatus): number | null => member.optimeSeconds;
const getOptimeDateSeconds = (member: MemberStatus): number | null => toSeconds(member.optimeDate);
const getWallTimeSeconds = (member: MemberStatus): number | null => toSeconds(member.appliedWallTime);

/**
 * Computes the lag of every healthy member with data, except the reference: the primary's own entry where the primary
 * answers, else the newest of the members. The optime of others is as old as a heartbeat and in whole seconds, so the
 * wall time of the last applied write corrects it where the server sends one; without it the limit is two heartbeats
 * higher. An optime of zero means a member without data, whatever its wall time says.
 */
export function computeLags(context: Context): Lag[] {
  const { members, maxLagSeconds, status } = context;
  const data = members.filter((member) => member.state !== 7 && member.health === 1);
  const primary = findPrimary(members);
  const references = (primary?.self ? [primary] : data).filter(hasApplied);
  return data
    .filter((member) => !(primary?.self && member === primary))
    .map((member) => {
      const optime = selectLarger(
        computeLagBehind(references, member, getOptimeSeconds),
        computeLagBehind(references, member, getOptimeDateSeconds),
      );
      const wall = computeLagBehind(references, member, getWallTimeSeconds);
      const allowed = wall === null ? 2 * status.heartbeatSeconds : 0;
      return {
        member: formatMemberLabel(member.name),
        seconds: !hasApplied(member)
          ? null
          : optime === null || wall === null
            ? (optime ?? wall)
            : Math.min(optime, wall),
        limitSeconds: maxLagSeconds + allowed + (findMemberConfig(context, member)?.delaySeconds ?? 0),
      };
    });
}

/** G11: checks that every member with data keeps up. */
export function checkLag(context: Context): Finding[] {
  return computeLags(context)
    .filter(({ seconds, limitSeconds }) => seconds === null || seconds > limitSeconds)
    .map(({ member, seconds, limitSeconds }) => {
      const seen = seconds === null ? "does not show how far its data is" : `is ${seconds.toFixed(1)} s behind`;
      return {
        rule: "G11",
        code: "LAG",
        member,
        outcome: "wait",
        message: `${member} ${seen}, expected at most ${limitSeconds} s: wait for it to catch up, or look for what slows it (disk, network, load).`,
      };
    });
}

/** G13: checks that a majority accepts writes and is not far behind the primary. */
export function checkMajority(context: Context): Finding[] {
  const { status, members, maxLagSeconds } = context;
  const found: Finding[] = [];
  const healthy = listHealthyDataVoters(context).length;
  if (status.writeMajorityCount !== null && healthy < status.writeMajorityCount) {
    found.push({
      rule: "G13",
      code: "NO_WRITE_MAJORITY",
      member: null,
      outcome: "wait",
      message: `${healthy} members take writes, expected at least ${status.writeMajorityCount}: bring the others back.`,
    });
  }
  const seconds = computeSecondsBetween(status.lastCommittedWallTime, status.lastAppliedWallTime);
  if (findPrimary(members)?.self && seconds !== null && seconds > maxLagSeconds) {
    found.push({
      rule: "G13",
      code: "MAJORITY_LAG",
      member: null,
      outcome: "wait",
      message: `The majority is ${seconds.toFixed(1)} s behind the primary, expected at most ${maxLagSeconds} s: wait for the members to catch up.`,
    });
  }
  return found;
}

function computeLagBehind(
  references: readonly MemberStatus[],
  member: MemberStatus,
  getSeconds: (member: MemberStatus) => number | null,
): number | null {
  const own = getSeconds(member);
  const others = references.flatMap((reference) => getSeconds(reference) ?? []);
  return own === null || others.length === 0 ? null : Math.max(0, Math.max(...others) - own);
}

function selectLarger(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

function hasApplied({ optimeSeconds, optimeDate }: MemberStatus): boolean {
  return optimeSeconds !== 0 && optimeDate?.getTime() !== 0;
}

function toSeconds(date: Date | null): number | null {
  return date === null ? null : date.getTime() / 1000;
}
