import { labelOf, primaryOf, selfOf, type Context } from "./context.js";
import { secondsBetween } from "./elapsed.js";
import type { Finding } from "./finding.js";

/** Seconds since the election, and since each member's start, before a live set counts as settled. */
export const settleSeconds = { election: 30, uptime: 60 } as const;

/** G14: the set has settled. A saved sample is only remarked on: it cannot be looked at again. */
export function settled({ members, status, live }: Context): Finding[] {
  const found: Finding[] = [];
  const add = (member: string | null, message: string): void => {
    found.push({ rule: "G14", code: "SETTLING", member, outcome: live ? "wait" : "note", message });
  };
  const primary = primaryOf(members);
  if (primary) {
    const name = labelOf(primary.name);
    const since = secondsBetween(primary.electionDate, status.date);
    if (since === null && live)
      add(name, `${name} does not say when it was elected, expected at least ${settleSeconds.election} s ago.`);
    if (since !== null && since < settleSeconds.election)
      add(name, `${name} was elected ${since.toFixed(0)} s ago, expected at least ${settleSeconds.election} s: wait.`);
  }
  for (const member of members) {
    const name = labelOf(member.name);
    if (member.health !== 1) continue;
    if (member.uptimeSeconds === null && live)
      add(name, `${name} does not say how long it is up, expected at least ${settleSeconds.uptime} s.`);
    if (member.uptimeSeconds !== null && member.uptimeSeconds < settleSeconds.uptime)
      add(name, `${name} is up for ${member.uptimeSeconds} s, expected at least ${settleSeconds.uptime} s: wait.`);
  }
  return found;
}

/** An arbiter holds no data and does not measure others: no decision on its answer. */
export function notArbiter({ members }: Context): Finding[] {
  const self = selfOf(members);
  if (self?.state !== 7) return [];
  const name = labelOf(self.name);
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
