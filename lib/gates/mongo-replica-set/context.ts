import type { MemberStatus, Status } from "./status.js";
import type { Config, ConfigMember, Hello, OplogReply, WorkReply } from "./view.js";

/** Everything the rules look at: one member's answer and what it is measured by. */
export interface Context {
  status: Status;
  members: readonly MemberStatus[];
  hello: Hello | null;
  config: Config | null;
  /** Null in a saved status, which has no more than itself. */
  oplog: OplogReply | null;
  work: WorkReply | null;
  /** Expected number of members (not from the document); null: not known. */
  expectedMembers: number | null;
  maxLagSeconds: number;
  /** Live samples are repeated and settle; a saved one is judged by what it alone can show. */
  live: boolean;
  room: RoomWanted;
}

/** What rule G16 asks for. */
export interface RoomWanted {
  /** It blocks instead of warning. */
  strict: boolean;
  /** How long a member may be away; the oplog must reach further back. */
  downtimeSeconds: number;
}

const address = /^\[|^[\d.:]+$/;
const usualPort = ":27017";

/** How a member is called in a reason: its pod where its host name begins with one (and its port, if not the usual), else its host and port. */
export function labelOf(name: string): string {
  const port = /:\d+$/.exec(name)?.[0] ?? usualPort;
  const host = hostLabelOf(name);
  return host === name || port === usualPort ? host : host + port;
}

/** The pod that a member's host name begins with, else its whole name. */
export function hostLabelOf(name: string): string {
  const dot = name.indexOf(".");
  return address.test(name) || dot < 0 ? name : name.slice(0, dot);
}

/** The primary, where there is exactly one. */
export function primaryOf(members: readonly MemberStatus[]): MemberStatus | null {
  const primaries = members.filter((member) => member.state === 1);
  return primaries.length === 1 ? primaries[0]! : null;
}

/** The answering member's own entry. */
export function selfOf(members: readonly MemberStatus[]): MemberStatus | null {
  return members.find((member) => member.self) ?? null;
}

/** A member's configuration; null where none was read or it has no such member. */
export function configOf(context: Context, member: MemberStatus): ConfigMember | null {
  return context.config?.members?.find((configured) => configured.host === member.name) ?? null;
}

/** Members that hold data and are well: PRIMARY or SECONDARY with health 1; only those that vote, where that is known. */
export function healthyDataVoters(context: Context): MemberStatus[] {
  return context.members.filter(
    (member) =>
      (member.state === 1 || member.state === 2) && member.health === 1 && configOf(context, member)?.votes !== 0,
  );
}
