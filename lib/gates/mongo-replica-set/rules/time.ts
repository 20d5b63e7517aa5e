import { type Context, findPrimary, findSelf, formatMemberLabel } from "./context.js";
import { type Finding } from "../finding.js";

/** Seconds since the election, and since each member's start, before a live set counts as settled. */
export const settleSeconds = { election: 30, uptime: 60 } as const;

/** G14: checks that the election is over. A saved sample only gets a remark, as it cannot be sampled again. */
export function checkElection({ members, status, live }: Context): Finding[] {
  const primary = findPrimary(members);
  if (!primary) return [];
  const name = formatMemberLabel(primary.name);
  const since = computeSecondsBetween(primary.electionDate, status.date);
  if (since === null)
    return live
      ? [
          createSettling(
            live,
            name,
            `${name} does not say when it was elected, expected at least ${settleSeconds.election} s ago.`,
          ),
        ]
      : [];
  if (since >= settleSeconds.election) return [];
  const message = `${name} was elected ${since.toFixed(0)} s ago, expected at least ${settleSeconds.election} s: wait.`;
  return [createSettling(live, name, message)];
}

/** G14: checks, in every member's view, that each member is up for long enough; a member counts from when it was first heard of. */
export function checkUptime({ members, live }: Context): Finding[] {
  return members
    .filter(({ health }) => health === 1)
    .flatMap(({ name: full, uptimeSeconds }) => {
      const name = formatMemberLabel(full);
      if (uptimeSeconds === null)
        return live
          ? [
              createSettling(
                live,
                name,
                `${name} does not say how long it is up, expected at least ${settleSeconds.uptime} s.`,
              ),
            ]
          : [];
      if (uptimeSeconds >= settleSeconds.uptime) return [];
      const message = `${name} is up for ${uptimeSeconds} s, expected at least ${settleSeconds.uptime} s: wait.`;
      return [createSettling(live, name, message)];
    });
}

function createSettling(live: boolean, member: string, message: string): Finding {
  return { rule: "G14", code: "SETTLING", member, outcome: live ? "wait" : "note", message };
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
