import { type Context, findPrimary, findSelf, formatMemberLabel } from "./context.js";
import { type Finding } from "../finding.js";

/** Seconds since the election, and since each member's start, before a live set counts as settled. */
export const settleSeconds = { election: 30, uptime: 60 } as const;

/** G14: checks that the set has settled. A saved sample only gets a remark, as it cannot be sampled again. */
export function checkSettled({ members, status, live }: Context): Finding[] {
  const found: Finding[] = [];
  const add = (member: string | null, message: string): void => {
    found.push({ rule: "G14", code: "SETTLING", member, outcome: live ? "wait" : "note", message });
  };
  const primary = findPrimary(members);
  if (primary) {
    const name = formatMemberLabel(primary.name);
    const since = computeSecondsBetween(primary.electionDate, status.date);
    if (since === null && live)
      add(name, `${name} does not say when it was elected, expected at least ${settleSeconds.election} s ago.`);
    if (since !== null && since < settleSeconds.election)
      add(name, `${name} was elected ${since.toFixed(0)} s ago, expected at least ${settleSeconds.election} s: wait.`);
  }
  for (const member of members) {
    const name = formatMemberLabel(member.name);
    if (member.health !== 1) continue;
    if (member.uptimeSeconds === null && live)
      add(name, `${name} does not say how long it is up, expected at least ${settleSeconds.uptime} s.`);
    if (member.uptimeSeconds !== null && member.uptimeSeconds < settleSeconds.uptime)
      add(name, `${name} is up for ${member.uptimeSeconds} s, expected at least ${settleSeconds.uptime} s: wait.`);
  }
  return found;
}

/** Rejects the answer of an arbiter, which holds no data and knows nothing of the data of others. */
export function checkNotArbiter({ members }: Context): Finding[] {
  const self = findSelf(members);
  if (self?.state !== 7) return [];
  const name = formatMemberLabel(self.name);
  return [
    {
      rule: null,
      code: "ARBITER_VIEW",
      member: name,
      outcome: "unknown",
      message: `${name} is an ARBITER and was asked; expected the answer of the primary: ask the member that is PRIMARY.`,
    },
  ];
}

/** Returns the seconds between two instants of a reply; null where either is absent or is 1970, MongoDB's "never". */
export function computeSecondsBetween(earlier: Date | null | undefined, later: Date | null): number | null {
  return earlier?.getTime() && later?.getTime() ? (later.getTime() - earlier.getTime()) / 1000 : null;
}
