import {
  type Context,
  findMemberConfig,
  findPrimary,
  findSelf,
  formatMemberLabel,
  listHealthyDataVoters,
} from "./context.js";
import { type Finding } from "../finding.js";
import { computeSecondsBetween } from "./time.js";
import { type MemberStatus } from "../reply/status.js";

/** How far a member's data is behind, in seconds; null where the reply does not report. */
export interface Lag {
  member: string;
  seconds: number | null;
  /** How far its data is ahead of the primary's, and by which of its clocks; null where that is not known. */
  aheadSeconds: number | null;
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
        aheadSeconds: primary === null || member === primary ? null : computeAhead(primary, member),
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

/** G13: checks that a majority accepts writes. */
export function checkMajority(context: Context): Finding[] {
  const { status } = context;
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
  return found;
}

/**
 * G13: checks that the commit point follows what the answering member has applied, by wall times and, on servers without
 * them, by optimes, which are in whole seconds.
 */
export function checkCommitPoint({ status, members, maxLagSeconds }: Context): Finding[] {
  const wall = computeSecondsBetween(status.lastCommittedWallTime, status.lastAppliedWallTime) ?? 0;
  const { committedSeconds, appliedSeconds, heartbeatSeconds } = status;
  const optime = committedSeconds === null || appliedSeconds === null ? 0 : appliedSeconds - committedSeconds;
  const self = findSelf(members);
  const behind = self === null || self.state === 1 ? "the primary" : `what ${formatMemberLabel(self.name)} has applied`;
  const allowed = [
    [wall, maxLagSeconds],
    [optime, maxLagSeconds + 2 * heartbeatSeconds],
  ] as const;
  const broken = allowed.find(([seconds, limit]) => seconds > limit);
  if (!broken) return [];
  const message = `The majority is ${broken[0].toFixed(1)} s behind ${behind}, expected at most ${broken[1]} s: wait for the members to catch up.`;
  return [{ rule: "G13", code: "MAJORITY_LAG", member: null, outcome: "wait", message }];
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

/** The lesser of what optime and wall time say, as for a lag. */
function computeAhead(primary: MemberStatus, member: MemberStatus): number | null {
  const compare = (getSeconds: (member: MemberStatus) => number | null): number | null => {
    const [own, reference] = [getSeconds(member), getSeconds(primary)];
    return own === null || reference === null ? null : own - reference;
  };
  const optime = selectLarger(compare(getOptimeSeconds), compare(getOptimeDateSeconds));
  const wall = compare(getWallTimeSeconds);
  return optime === null || wall === null ? (optime ?? wall) : Math.min(optime, wall);
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
