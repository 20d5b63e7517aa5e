import { type Context, findPrimary, findSelf, formatMemberLabel } from "./context.js";
import { type Finding } from "../finding.js";
import { computeSecondsBetween } from "./time.js";
import { type MemberStatus, type Reply, stateNames } from "../reply/status.js";

/** Errors that do not pass by waiting, by code, with what to do. */
const lastingErrors: ReadonlyMap<number | null, string> = new Map([
  [13, "check that the probe's user has the role clusterMonitor"],
  [18, "check user and password in the container's environment against the database"],
  [76, "this mongod runs without --replSet; point the gate at the replica set"],
  [93, "this member was removed from the set or its configuration is invalid; add it again or fix the configuration"],
  [94, "initiate the replica set"],
]);
/** Errors of a permission that others control, by code, with what to do. */
const forbiddenErrors: ReadonlyMap<number | null, string> = new Map([
  [
    8000,
    "MongoDB Atlas does not let this user or this tier run it: give the user Atlas's role clusterMonitor (dedicated tiers); where there is none, have Atlas's own view of the set looked at and accept this by name",
  ],
]);
const passingErrors: ReadonlySet<number | null> = new Set([
  6, 7, 50, 89, 91, 189, 262, 10107, 11600, 11602, 13435, 13436,
]);
/** Names of errors that have no code, because no server answered. */
const unreachedError = /^MongoNetwork|Selection|time(?:d ?)?out/i;
/** Seconds after an election for which an old primary may still show. */
export const twoPrimariesSeconds = 30;

/** G02: checks that each command reports success. */
export function checkCommands({ status, hello, config }: Context): Finding[] {
  const replies: [string, Reply | null][] = [
    ["replSetGetStatus", status],
    ["hello", hello],
    ["replSetGetConfig", config],
  ];
  return replies.flatMap(([command, reply]) =>
    reply === null || reply.ok === 1 ? [] : [createCommandFinding(command, reply)],
  );
}

/** Creates the finding of a reply without success; its `code` is null where no server answered or it sent none. */
export function createCommandFinding(command: string, reply: Reply): Finding {
  if (reply.ok === null) {
    const message = `The reply to ${command} does not say ok: 1, so its success is not proven; ask again and keep the whole reply.`;
    return { rule: "G02", code: "OK_MISSING", member: null, outcome: "unknown", message };
  }
  const { code, codeName, errmsg } = reply;
  const reported = [code, codeName, errmsg === null ? null : `("${errmsg}")`].filter((part) => part !== null).join(" ");
  const seen = `${command} failed with ${reported === "" ? `ok: ${reply.ok}` : reported}, expected ok: 1`;
  const createFinding = (outcome: Finding["outcome"], advice: string): Finding => {
    return { rule: "G02", code: "COMMAND_FAILED", member: null, outcome, message: `${seen}: ${advice}.` };
  };
  const lasting = lastingErrors.get(code);
  if (lasting !== undefined) return createFinding("fail", lasting);
  if (passingErrors.has(code) || (code === null && unreachedError.test(codeName ?? "")))
    return createFinding("wait", "it is asked again");
  return createFinding("unknown", forbiddenErrors.get(code) ?? "find out why on the member itself");
}

/** G03: checks that all replies name the same set. */
export function checkSameSet({ status, hello, config }: Context): Finding[] {
  const names = [status.set, hello?.ok === 1 ? hello.setName : undefined, config?.ok === 1 ? config.id : undefined];
  const known = names.filter((name) => name !== undefined);
  if (status.set && known.every((name) => name === status.set)) return [];
  const seen = known.map((name) => name || "none").join(", ");
  const message = `The replies name the sets ${seen}; expected one and the same: check that the address leads to this replica set.`;
  return [{ rule: "G03", code: "SET_NAME", member: null, outcome: "fail", message }];
}

/** G04: checks that the members are those expected: the expected number, none twice, the same as configured. */
export function checkExpectedMembers(context: Context): Finding[] {
  const { members, expectedMembers: expected, live } = context;
  const found: Finding[] = [];
  const add = (code: string, member: string | null, outcome: Finding["outcome"], message: string): void => {
    found.push({ rule: "G04", code, member, outcome, message });
  };
  if (members.length === 0)
    add(
      "MEMBERS_MISSING",
      null,
      "unknown",
      "The reply lists no member, so nothing is known of the set; ask a member of the set.",
    );
  if (expected !== null && members.length !== expected) {
    add(
      "MEMBER_COUNT",
      null,
      live ? "wait" : "fail",
      `The set has ${members.length} members, expected ${expected}: add the missing ones or find out why the number changed.`,
    );
  }
  if (expected === null && members.length > 0) {
    add(
      "NOTE",
      null,
      "note",
      `The expected number of members was not given; the document lists ${members.length}, and a set that lost some looks whole.`,
    );
  }
  for (const twice of listRepeatedNames(members))
    add(
      "MEMBER_TWICE",
      formatMemberLabel(twice),
      "unknown",
      `${formatMemberLabel(twice)} is listed more than once, expected once: the reply contradicts itself.`,
    );
  const selves = members.filter((member) => member.self).length;
  if (selves > 1)
    add(
      "MEMBER_TWICE",
      null,
      "unknown",
      `${selves} members are marked as the one that answers, expected one: the reply contradicts itself.`,
    );
  return [...found, ...checkConfiguredMembers(context)];
}

/** G04, second half: checks that the configuration lists the same members as the status. */
function checkConfiguredMembers({ members, config }: Context): Finding[] {
  if (config?.ok !== 1) return [];
  if (config.members === null) {
    const message =
      "The set's configuration lists no members, expected those of the status: ask again and keep the whole reply.";
    return [{ rule: "G04", code: "MEMBERS_MISSING", member: null, outcome: "unknown", message }];
  }
  const ids = new Map(config.members.map((member) => [member.host, member.id]));
  const names = new Set(members.map((member) => member.name));
  const unexpected = members.filter((member) => !ids.has(member.name) || ids.get(member.name) !== member.id);
  const missing = [...ids.keys()].filter((host) => !names.has(host));
  const createFinding = (code: string, name: string, what: string): Finding => {
    const member = formatMemberLabel(name);
    return {
      rule: "G04",
      code,
      member,
      outcome: "wait",
      message: `${member} ${what}; expected the same members in both: wait, or fix the configuration.`,
    };
  };
  return [
    ...unexpected.map((member) =>
      createFinding("MEMBER_UNEXPECTED", member.name, "is in the status and not so in the set's configuration"),
    ),
    ...missing.map((host) =>
      createFinding("MEMBER_MISSING", host, "is in the set's configuration and the status does not list it"),
    ),
  ];
}

/** G05: checks that there is exactly one primary, and that the answering member follows it. */
export function checkOnePrimary(context: Context): Finding[] {
  const { members, status, hello } = context;
  const primaries = members.filter((member) => member.state === 1);
  if (primaries.length === 0) {
    return [
      {
        rule: "G05",
        code: "NO_PRIMARY",
        member: null,
        outcome: "wait",
        message:
          "No member is PRIMARY, expected exactly one: wait for the election, or bring back a majority of the members.",
      },
    ];
  }
  if (primaries.length > 1) return [createTwoPrimariesFinding(primaries, status.date)];
  const primary = primaries[0]!;
  if (hello?.ok !== 1 || hello.primary === primary.name) return [];
  const message = `The status names ${formatMemberLabel(primary.name)} as PRIMARY and hello names ${hello.primary === null ? "none" : formatMemberLabel(hello.primary)}; expected the same: wait for the election to be known everywhere.`;
  return [
    { rule: "G05", code: "PRIMARY_DISAGREEMENT", member: formatMemberLabel(primary.name), outcome: "wait", message },
  ];
}

function createTwoPrimariesFinding(primaries: readonly MemberStatus[], date: Date | null): Finding {
  const names = primaries.map((member) => formatMemberLabel(member.name)).join(" and ");
  const lasting = primaries.every((member) => {
    const seconds = computeSecondsBetween(member.electionDate, date);
    return seconds !== null && seconds > twoPrimariesSeconds;
  });
  const advice = lasting
    ? `and the last election was more than ${twoPrimariesSeconds} s ago: part of the network is cut, have it repaired and never force a member`
    : "an old primary may show for some seconds after an election: wait";
  return {
    rule: "G05",
    code: "TWO_PRIMARIES",
    member: null,
    outcome: lasting ? "fail" : "wait",
    message: `${names} are PRIMARY at once, expected exactly one; ${advice}.`,
  };
}

/** G12: checks that every member runs the same configuration. A different term disappears with the next heartbeat. */
export function checkSameConfiguration(context: Context): Finding[] {
  const { members, config, live } = context;
  const reference = findSelf(members) ?? findPrimary(members) ?? members[0];
  const version = config?.ok === 1 ? config.version : (reference?.configVersion ?? null);
  if (config?.ok === 1 && version === null) return [versionMissing];
  const found: Finding[] = [];
  for (const member of members) {
    const name = formatMemberLabel(member.name);
    if (member.configVersion !== version) {
      found.push({
        rule: "G12",
        code: "CONFIG_VERSION",
        member: name,
        outcome: "wait",
        message: `${name} runs version ${member.configVersion ?? "none"} of the set's configuration, expected ${version ?? "none"}: wait for it to reach that member.`,
      });
    } else if (member.configTerm !== reference?.configTerm) {
      found.push({
        rule: "G12",
        code: "CONFIG_TERM",
        member: name,
        outcome: live ? "wait" : "note",
        message: `${name} has the configuration's term ${member.configTerm ?? "none"}, expected ${reference?.configTerm ?? "none"}; that is usual for a heartbeat after an election.`,
      });
    }
  }
  return found;
}

const versionMissing: Finding = {
  rule: "G12",
  code: "CONFIG_VERSION",
  member: null,
  outcome: "wait",
  message: "The set's configuration does not say its version, expected one that every member runs: it is asked again.",
};

function listRepeatedNames(members: readonly MemberStatus[]): string[] {
  const twice = members.filter((member, index) =>
    members.some(
      (other, before) =>
        before < index && (other.name === member.name || (member.id !== null && other.id === member.id)),
    ),
  );
  return [...new Set(twice.map((member) => member.name))];
}

/** Formats a state's name and number, e.g. `RECOVERING (state 3)`. */
export function formatState(member: MemberStatus): string {
  if (member.state === null) return "in no known state";
  return `${stateNames[member.state] ?? "in an unknown state"} (state ${member.state})`;
}
