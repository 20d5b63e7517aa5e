import { findMemberConfig, listHealthyDataVoters, formatMemberLabel, findSelf, type Context } from "./context.js";
import type { Finding } from "../finding.js";

const dataMembersWanted = 3;
const hour = 3600;

/**
 * G16, of the set: checks the headroom to take members down one by one. Only `strict` blocks the upgrade of a small
 * set.
 */
export function checkSetHeadroom(context: Context): Finding[] {
  const { members, status } = context;
  const found: Finding[] = [];
  const add = (code: string, message: string): void => {
    found.push(createHeadroomFinding(context, { code, message, member: null, strictOutcome: "fail" }));
  };
  const data = members.filter((member) => member.state !== 7).length;
  if (members.length === 1) {
    add("SINGLE_MEMBER", "The set has a single member: its restart is an outage.");
    return found;
  }
  if (data < dataMembersWanted)
    add(
      "FEW_DATA_MEMBERS",
      `The set has ${data} members with data; ${dataMembersWanted} are needed to lose one and keep a copy in reserve.`,
    );
  const { writeMajorityCount: writes, majorityVoteCount: votes } = status;
  if (writes !== null && listHealthyDataVoters(context).length - 1 < writes)
    add("NO_SPARE_WRITER", `Majority writes need ${writes} members: while one is down for its upgrade they wait.`);
  if (votes !== null && countHealthyVoters(context) - 1 < votes)
    add(
      "NO_SPARE_VOTE",
      `An election needs ${votes} votes, and ${countHealthyVoters(context)} members can vote: while one is down there may be no primary.`,
    );
  return found;
}

/**
 * G16, of the answering member: checks that its oplog outlasts a member's downtime and that no backup or restore runs.
 */
export function checkMemberHeadroom(context: Context): Finding[] {
  const { oplog, work, members, probed } = context;
  const self = findSelf(members);
  if (!probed || self?.state === 7) return [];
  const member = self ? formatMemberLabel(self.name) : null;
  const who = member ?? "The member asked";
  const found: Finding[] = [];
  const add = (code: string, strictly: "wait" | "fail" | "unknown", message: string): void => {
    found.push(createHeadroomFinding(context, { code, member, message, strictOutcome: strictly }));
  };
  const wanted = context.headroom.downtimeSeconds;
  const reach = oplog?.ok === 1 ? oplog.reachSeconds : null;
  if (reach === null)
    add(
      "OPLOG_UNKNOWN",
      "unknown",
      `${who} does not report how far back its oplog reaches${formatErrorMessage(oplog)}, expected ${wanted} s or more: check that the probe's user has the role clusterMonitor.`,
    );
  else if (reach < wanted)
    add(
      "OPLOG_SHORT",
      "fail",
      `${who}'s oplog reaches ${reach} s back (${(reach / hour).toFixed(1)} h), expected ${wanted} s or more: a member that is away for longer has to be copied anew; enlarge the oplog.`,
    );
  if (work?.ok !== 1)
    add(
      "BACKUP_UNKNOWN",
      "unknown",
      `${who} does not report whether a dump or restore runs${formatErrorMessage(work)}, expected none: check that the probe's user has the role clusterMonitor.`,
    );
  const running = [
    ...(work?.applications ?? []),
    ...(work?.fsyncLock ? ["fsyncLock"] : []),
    ...(oplog?.backupCursorOpen ? ["a copy of its files (backup cursor)"] : []),
  ];
  if (running.length > 0)
    add(
      "BACKUP_RUNNING",
      "wait",
      `${who} is busy with ${running.join(", ")}, expected no backup or restore: let it end.`,
    );
  return found;
}

/** Remarks on an answer that is not the primary's; it is judged all the same. */
export function checkAnswerSource({ members }: Context): Finding[] {
  const self = findSelf(members);
  if (!self || self.state === 1) return [];
  const message = `The answer is that of ${formatMemberLabel(self.name)}, not the primary's: what it says of others is as old as a heartbeat.`;
  return [{ rule: null, code: "NOTE", member: null, outcome: "note", message }];
}

interface HeadroomFault {
  code: string;
  member: string | null;
  message: string;
  /** Outcome where headroom is required (`strict`); else the finding is a remark. */
  strictOutcome: "wait" | "fail" | "unknown";
}

function createHeadroomFinding({ headroom: { strict } }: Context, { strictOutcome, ...fault }: HeadroomFault): Finding {
  return { rule: "G16", outcome: strict ? strictOutcome : "note", ...fault };
}

function formatErrorMessage(reply: Context["oplog"] | Context["work"]): string {
  return reply?.errmsg ? ` ("${reply.errmsg}")` : "";
}

function countHealthyVoters(context: Context): number {
  const voting = context.members.filter(
    ({ state, health }) => health === 1 && (state === 1 || state === 2 || state === 7),
  );
  return voting.filter((member) => findMemberConfig(context, member)?.votes !== 0).length;
}
