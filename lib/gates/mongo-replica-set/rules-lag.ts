import { configOf, healthyDataVoters, labelOf, primaryOf, type Context } from "./context.js";
import { secondsBetween } from "./elapsed.js";
import type { Finding } from "./finding.js";
import type { MemberStatus } from "./status.js";

/** How far a member's data is behind, in seconds; null where the reply does not tell. */
export interface Lag {
  member: string;
  seconds: number | null;
  limitSeconds: number;
}

const ofOptime = (member: MemberStatus): number | null => member.optimeSeconds;
const ofDate = (member: MemberStatus): number | null => secondsOf(member.optimeDate);
const ofWall = (member: MemberStatus): number | null => secondsOf(member.appliedWallTime);

/**
 * Lag of every member that holds data, is heard of and is not the reference: the primary's own entry where it answers,
 * else the newest of the members. The optime of others is as old as a heartbeat and in whole seconds, so the wall time of
 * the last applied write corrects it where the server sends one; without it two heartbeats are allowed for. An optime of
 * zero is that of a member without data, whatever its wall time still says.
 */
export function lagsOf(context: Context): Lag[] {
  const { members, maxLagSeconds, status } = context;
  const data = members.filter((member) => member.state !== 7 && member.health === 1);
  const primary = primaryOf(members);
  const references = (primary?.self ? [primary] : data).filter(hasApplied);
  return data
    .filter((member) => !(primary?.self && member === primary))
    .map((member) => {
      const optime = worse(behind(references, member, ofOptime), behind(references, member, ofDate));
      const wall = behind(references, member, ofWall);
      const allowed = wall === null ? 2 * status.heartbeatSeconds : 0;
      return {
        member: labelOf(member.name),
        seconds: !hasApplied(member)
          ? null
          : optime === null || wall === null
            ? (optime ?? wall)
            : Math.min(optime, wall),
        limitSeconds: maxLagSeconds + allowed + (configOf(context, member)?.delaySeconds ?? 0),
      };
    });
}

/** G11: every member that holds data keeps up. */
export function lag(context: Context): Finding[] {
  return lagsOf(context)
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

/** G13: a majority takes writes, and the writes it has are nearly all of them. */
export function majority(context: Context): Finding[] {
  const { status, members, maxLagSeconds } = context;
  const found: Finding[] = [];
  const healthy = healthyDataVoters(context).length;
  if (status.writeMajorityCount !== null && healthy < status.writeMajorityCount) {
    found.push({
      rule: "G13",
      code: "NO_WRITE_MAJORITY",
      member: null,
      outcome: "wait",
      message: `${healthy} members take writes, expected at least ${status.writeMajorityCount}: bring the others back.`,
    });
  }
  const seconds = secondsBetween(status.lastCommittedWallTime, status.lastAppliedWallTime);
  if (primaryOf(members)?.self && seconds !== null && seconds > maxLagSeconds) {
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

function behind(
  references: readonly MemberStatus[],
  member: MemberStatus,
  of: (member: MemberStatus) => number | null,
): number | null {
  const own = of(member);
  const others = references.flatMap((reference) => of(reference) ?? []);
  return own === null || others.length === 0 ? null : Math.max(0, Math.max(...others) - own);
}

function worse(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

function hasApplied({ optimeSeconds, optimeDate }: MemberStatus): boolean {
  return optimeSeconds !== 0 && optimeDate?.getTime() !== 0;
}

function secondsOf(date: Date | null): number | null {
  return date === null ? null : date.getTime() / 1000;
}
