import { configOf, healthyDataVoters, labelOf, selfOf, type Context } from "./context.js";
import type { Finding } from "./finding.js";

const dataMembersWanted = 3;
const hour = 3600;

/** G16, of the set: room to take members down one by one. Small sets are upgraded too, knowingly; `strict` forbids it. */
export function room(context: Context): Finding[] {
  const { members, status } = context;
  const found: Finding[] = [];
  const add = (code: string, message: string): void => {
    found.push(roomFinding(context, { code, message, member: null, strictly: "fail" }));
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
  if (writes !== null && healthyDataVoters(context).length - 1 < writes)
    add("NO_SPARE_WRITER", `Majority writes need ${writes} members: while one is down for its upgrade they wait.`);
  if (votes !== null && healthyVoters(context) - 1 < votes)
    add(
      "NO_SPARE_VOTE",
      `An election needs ${votes} votes, and ${healthyVoters(context)} members can vote: while one is down there may be no primary.`,
    );
  return found;
}

/** G16, of the member that answers: its oplog outlasts a member's absence, and nobody copies or restores its data now. */
export function ownRoom(context: Context): Finding[] {
  const { oplog, work, members, hello } = context;
  const self = selfOf(members);
  if (hello === null || self?.state === 7) return [];
  const member = self ? labelOf(self.name) : null;
  const who = member ?? "The member asked";
  const found: Finding[] = [];
  const add = (code: string, strictly: "wait" | "fail" | "unknown", message: string): void => {
    found.push(roomFinding(context, { code, member, message, strictly }));
  };
  const wanted = context.room.downtimeSeconds;
  const reach = oplog?.ok === 1 ? oplog.reachSeconds : null;
  if (reach === null)
    add(
      "OPLOG_UNKNOWN",
      "unknown",
      `${who} does not tell how far back its oplog reaches${said(oplog)}, expected ${wanted} s or more: check that the probe's user has the role clusterMonitor.`,
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
      `${who} does not tell whether a dump or restore runs${said(work)}, expected none: check that the probe's user has the role clusterMonitor.`,
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

/** A saved answer that is not the primary's is judged all the same, with this said. */
export function secondHand({ members }: Context): Finding[] {
  const self = selfOf(members);
  if (!self || self.state === 1) return [];
  const message = `The answer is that of ${labelOf(self.name)}, not the primary's: what it says of others is as old as a heartbeat.`;
  return [{ rule: null, code: "NOTE", member: null, outcome: "note", message }];
}

interface RoomFault {
  code: string;
  member: string | null;
  message: string;
  /** What it means where room is demanded; else it is remarked on. */
  strictly: "wait" | "fail" | "unknown";
}

function roomFinding({ room: { strict } }: Context, { strictly, ...fault }: RoomFault): Finding {
  return { rule: "G16", outcome: strict ? strictly : "note", ...fault };
}

function said(reply: Context["oplog"] | Context["work"]): string {
  return reply?.errmsg ? ` ("${reply.errmsg}")` : "";
}

function healthyVoters(context: Context): number {
  const voting = context.members.filter(
    ({ state, health }) => health === 1 && (state === 1 || state === 2 || state === 7),
  );
  return voting.filter((member) => configOf(context, member)?.votes !== 0).length;
}
