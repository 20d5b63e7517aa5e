import { type Context, findPrimary, findSelf, formatMemberLabel } from "./context.js";
import { type Finding } from "../finding.js";
import { type MemberStatus } from "../reply/status.js";
import { computeLags, type Lag } from "./lag.js";

/** G18: checks that the optimes agree with each other, with the primary's and with the set's term. */
export function checkOptimes(context: Context): Finding[] {
  const lags = computeLags(context);
  const lagging = new Set(
    lags.filter(({ seconds, limitSeconds }) => seconds === null || seconds > limitSeconds).map(({ member }) => member),
  );
  const primary = findPrimary(context.members);
  const data = context.members.filter(({ state, health }) => (state === 1 || state === 2) && health === 1);
  // G11 takes the worse of two optimes that contradict each other: a member that it reports is not reported twice.
  const others = data.filter(({ name }) => !lagging.has(formatMemberLabel(name)));
  return [
    ...(primary && lagging.has(formatMemberLabel(primary.name)) ? [] : listAhead(lags)),
    ...others.flatMap((member) => checkOptime(context, member)),
    ...checkTerms(context, data),
  ];
}

/** A member that is ahead of the primary's own entry holds writes that the primary does not have. */
function listAhead(lags: readonly Lag[]): Finding[] {
  return lags
    .filter(({ aheadSeconds, limitSeconds }) => aheadSeconds !== null && aheadSeconds > limitSeconds)
    .map(({ member, aheadSeconds, limitSeconds }) => ({
      rule: "G18",
      code: "OPTIME_AHEAD",
      member,
      outcome: "wait",
      message: `${member} is ${aheadSeconds!.toFixed(1)} s ahead of the primary, expected at most ${limitSeconds} s: it may hold writes that the primary does not have; wait, and look into its log if it stays so.`,
    }));
}

/** An optime is printed twice, as timestamp and as date; the wall time of its write lies near both. */
function checkOptime({ maxLagSeconds, status, members }: Context, member: MemberStatus): Finding[] {
  const { optimeSeconds, optimeDate } = member;
  const name = formatMemberLabel(member.name);
  const shown = toSeconds(optimeDate);
  if (!optimeSeconds || !shown) return [];
  const limit = maxLagSeconds + 2 * status.heartbeatSeconds;
  if (Math.abs(optimeSeconds - shown) > limit)
    return [
      {
        rule: "G18",
        code: "OPTIME_CONTRADICTS",
        member: name,
        outcome: "unknown",
        message: `${name}'s optime and the date beside it are ${Math.abs(optimeSeconds - shown).toFixed(0)} s apart, expected at most ${limit} s: the reply contradicts itself, ask again.`,
      },
    ];
  const own = computeApart(member);
  const primary = findPrimary(members);
  const drift = own === null || primary === null ? 0 : Math.abs(own - (computeApart(primary) ?? own));
  if (drift > limit)
    return [
      {
        rule: "G18",
        code: "OPTIME_CONTRADICTS",
        member: name,
        outcome: "unknown",
        message: `${name}'s optime and the wall time of its last write are ${drift.toFixed(0)} s further apart than the primary's, expected at most ${limit} s: one of them hides a lag, look at its clock and ask again.`,
      },
    ];
  const apart = Math.abs(own ?? 0);
  if (apart <= limit) return [];
  const message = `${name}'s optime and the wall time of its last write are ${apart.toFixed(0)} s apart, expected at most ${limit} s; that is so where a clock was set, and may hide a lag.`;
  return [{ rule: "G18", code: "WALL_TIME_APART", member: name, outcome: "note", message }];
}

/** A primary writes in its own term when it is elected, and the others follow. */
function checkTerms({ status, members, live }: Context, data: readonly MemberStatus[]): Finding[] {
  const { term } = status;
  if (term === null || term < 0 || findPrimary(members) === null) return [];
  return data.flatMap((member) => {
    const name = formatMemberLabel(member.name);
    const { optimeTerm } = member;
    if (optimeTerm === null || optimeTerm === term) return [];
    const newer = optimeTerm > term;
    const message = newer
      ? `${name}'s last write is of term ${optimeTerm}, expected at most the set's term ${term}: the reply contradicts itself, ask again.`
      : `${name}'s last write is of term ${optimeTerm}, expected the set's term ${term}; that is usual for a heartbeat after an election.`;
    const outcome = newer ? "unknown" : live ? "wait" : "note";
    return [{ rule: "G18", code: "OPTIME_TERM", member: name, outcome, message }];
  });
}

/** G19: remarks on a journal that does not follow; sets that run without one show the same. */
export function checkDurable({ status, members, maxLagSeconds }: Context): Finding[] {
  return members.flatMap((member) => {
    const behind = Math.max(
      computeBehind(member.optimeSeconds, member.durableSeconds),
      computeBehind(toSeconds(member.appliedWallTime), toSeconds(member.durableWallTime)),
      member.self ? computeBehind(status.appliedSeconds, status.durableSeconds) : 0,
      member.self ? computeBehind(toSeconds(status.lastAppliedWallTime), toSeconds(status.durableWallTime)) : 0,
    );
    if (behind <= maxLagSeconds || member.state === 7 || member.health !== 1) return [];
    const name = formatMemberLabel(member.name);
    const message = `${name}'s journal is ${behind.toFixed(0)} s behind what it has applied, expected at most ${maxLagSeconds} s; that is so where it runs without a journal, and where its disk hangs.`;
    return [{ rule: "G19", code: "DURABLE_LAG", member: name, outcome: "note", message }];
  });
}

/** G20: checks that the member that calls itself PRIMARY takes writes. */
export function checkWritablePrimary({ members, hello }: Context): Finding[] {
  const self = findSelf(members);
  if (self?.state !== 1 || hello?.ok !== 1 || hello.isWritablePrimary !== false) return [];
  if (hello.me !== null && hello.me !== self.name) return [];
  const name = formatMemberLabel(self.name);
  const message = `${name} is PRIMARY and hello says that it takes no writes (isWritablePrimary: false), expected true: wait for its election to end.`;
  return [{ rule: "G20", code: "PRIMARY_NOT_WRITABLE", member: name, outcome: "wait", message }];
}

/** How far the wall time of the last write is from its optime; null where one of them is not known. */
function computeApart({ optimeSeconds, appliedWallTime }: MemberStatus): number | null {
  const wall = toSeconds(appliedWallTime);
  return optimeSeconds && wall ? wall - optimeSeconds : null;
}

function computeBehind(applied: number | null, durable: number | null): number {
  return applied && durable ? applied - durable : 0;
}

function toSeconds(date: Date | null): number | null {
  return date === null ? null : date.getTime() / 1000;
}
