import type { Observed } from "../verdict/types.js";
import { formatMemberLabel, findPrimary, findSelf, type Context, type HeadroomRequirement } from "./rules/context.js";
import type { Finding } from "./finding.js";
import type { Unreadable } from "./text/parse.js";
import { checkCommitPoint, checkLag, computeLags, checkMajority } from "./rules/lag.js";
import {
  checkHeartbeatAge,
  checkHeartbeatMessages,
  checkMemberHealth,
  checkMemberStates,
  checkSelfFields,
} from "./rules/member.js";
import { checkMemberHeadroom, checkSetHeadroom, checkAnswerSource } from "./rules/headroom.js";
import {
  checkCommands,
  checkExpectedMembers,
  checkOnePrimary,
  checkSameConfiguration,
  checkSameSet,
} from "./rules/set.js";
import { checkDurable, checkOptimes, checkWritablePrimary } from "./rules/optimes.js";
import { checkElection, checkNotArbiter, checkUptime } from "./rules/time.js";
import { checkVotes } from "./rules/votes.js";
import { stateNames } from "./reply/status.js";
import type { View } from "./reply/view.js";

/** The limits that a view is judged by. */
export interface Measure {
  expectedMembers: number | null;
  maxLagSeconds: number;
  live: boolean;
  headroom: HeadroomRequirement;
}

type Rule = (context: Context) => Finding[];

/** Rules for every viewpoint; what is known of other members' data is judged from the primary's viewpoint only. */
const everyView: readonly Rule[] = [
  checkSameSet,
  checkOnePrimary,
  checkMemberStates,
  checkMemberHealth,
  checkSelfFields,
  checkHeartbeatMessages,
  checkHeartbeatAge,
  checkSameConfiguration,
  checkVotes,
  checkCommitPoint,
  checkUptime,
  checkDurable,
  checkWritablePrimary,
  checkMemberHeadroom,
];
const decidingView: readonly Rule[] = [
  checkElection,
  ...everyView,
  checkLag,
  checkOptimes,
  checkMajority,
  checkSetHeadroom,
  checkAnswerSource,
  checkNotArbiter,
];
const arrayOnly: readonly Rule[] = [
  checkOnePrimary,
  checkMemberStates,
  checkMemberHealth,
  checkSelfFields,
  checkHeartbeatMessages,
  checkSameConfiguration,
  checkLag,
];

/** Returns all findings of one member's answer. `deciding`: it is the primary's answer, or the only one. */
export function judgeView(view: View, measure: Measure, deciding: boolean): Finding[] {
  const context = createContext(view, measure);
  const succeeded = checkCommands(context);
  if (view.status.members === null)
    return [...succeeded, createMembersMissingFinding(succeeded[0]?.outcome ?? "unknown")];
  const rules = view.status.shape === "array" ? arrayOnly : deciding ? decidingView : everyView;
  const found = [...succeeded, ...checkExpectedMembers(context), ...rules.flatMap((rule) => rule(context))];
  return found.sort((one, other) => (one.rule ?? "G99").localeCompare(other.rule ?? "G99"));
}

/** G01: creates the finding of an answer that cannot be judged. A live member may answer better when asked again. */
export function createUnreadableFinding(parsed: Unreadable, member: string | null): Finding {
  const who = member === null ? "The text" : `${member}'s answer`;
  const message = `${who} is not one whole reply of MongoDB (${parsed.why}), expected exactly one: ask again and keep all of it.`;
  return { rule: "G01", code: parsed.code, member, outcome: member === null ? "unknown" : "wait", message };
}

/** Returns what was seen of the set, as evidence: only the fields that the rules read. */
export function toObserved(view: View, measure: Measure): Record<string, Observed> {
  const { status } = view;
  const lags = new Map(computeLags(createContext(view, measure)).map((each) => [each.member, each.seconds]));
  const members = status.members ?? [];
  const primary = findPrimary(members);
  const self = findSelf(members);
  return {
    set: status.set,
    date: status.date?.toISOString() ?? null,
    term: status.term,
    configVersion: view.config?.version ?? self?.configVersion ?? null,
    primary: primary ? formatMemberLabel(primary.name) : null,
    askedOf: self ? formatMemberLabel(self.name) : null,
    error: status.ok === 1 ? null : { code: status.code, codeName: status.codeName },
    members: members.map((member) => ({
      name: formatMemberLabel(member.name),
      state: member.state === null ? null : (stateNames[member.state] ?? member.state),
      health: member.health,
      lagSeconds: lags.get(formatMemberLabel(member.name)) ?? null,
    })),
  };
}

function createContext(view: View, measure: Measure): Context {
  return {
    ...measure,
    status: view.status,
    probed: view.probed,
    members: view.status.members ?? [],
    hello: view.hello,
    config: view.config,
    oplog: view.oplog,
    work: view.work,
  };
}

function createMembersMissingFinding(outcome: Finding["outcome"]): Finding {
  const message =
    "The reply lists no members, so nothing is known of the set; expected the reply to replSetGetStatus of a member.";
  return { rule: "G04", code: "MEMBERS_MISSING", member: null, outcome, message };
}
