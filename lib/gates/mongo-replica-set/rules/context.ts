import type { MemberStatus, Status } from "../reply/status.js";
import type { Config, ConfigMember, Hello, OplogReply, WorkReply } from "../reply/view.js";

/** Everything the rules read: one member's answer and the limits it is judged by. */
export interface Context {
  status: Status;
  members: readonly MemberStatus[];
  /** Whether the probe asked, whose answer has all parts. */
  probed: boolean;
  hello: Hello | null;
  config: Config | null;
  /** Null in a saved status, which holds nothing else. */
  oplog: OplogReply | null;
  work: WorkReply | null;
  /** Expected number of members (not from the document); null: not known. */
  expectedMembers: number | null;
  maxLagSeconds: number;
  /** True for a live sample, which is repeated until it settles; a saved one is judged by itself. */
  live: boolean;
  headroom: HeadroomRequirement;
}

/** What rule G16 requires. */
export interface HeadroomRequirement {
  /** Whether the rule blocks instead of only warning. */
  strict: boolean;
  /** How long a member may be away; the oplog must reach further back. */
  downtimeSeconds: number;
}

const address = /^\[|^[\d.:]+$/;
const usualPort = ":27017";

/**
 * Formats a member's name for reasons: the pod that its host name begins with (and a port other than the usual), else
 * host and port.
 */
export function formatMemberLabel(name: string): string {
  const port = /:\d+$/.exec(name)?.[0] ?? usualPort;
  const host = formatHostLabel(name);
  return host === name || port === usualPort ? host : host + port;
}

/** Returns the pod that a member's host name begins with, else its whole name. */
export function formatHostLabel(name: string): string {
  const dot = name.indexOf(".");
  return address.test(name) || dot < 0 ? name : name.slice(0, dot);
}

/** Finds the primary; null unless there is exactly one. */
export function findPrimary(members: readonly MemberStatus[]): MemberStatus | null {
  const primaries = members.filter((member) => member.state === 1);
  return primaries.length === 1 ? primaries[0]! : null;
}

/** Finds the answering member's own entry. */
export function findSelf(members: readonly MemberStatus[]): MemberStatus | null {
  return members.find((member) => member.self) ?? null;
}

/** Finds a member's configuration; null where none was read or it has no such member. */
export function findMemberConfig(context: Context, member: MemberStatus): ConfigMember | null {
  return context.config?.members?.find((configured) => configured.host === member.name) ?? null;
}

/** Lists healthy members with data: PRIMARY or SECONDARY with health 1; only those that vote, where that is known. */
export function listHealthyDataVoters(context: Context): MemberStatus[] {
  return context.members.filter(
    (member) =>
      (member.state === 1 || member.state === 2) &&
      member.health === 1 &&
      findMemberConfig(context, member)?.votes !== 0,
  );
}
