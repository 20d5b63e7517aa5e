import type { Observed, Verdict } from "../types.js";
import { defaultGateSettings } from "../../stack/gate-settings.js";
import { labelOf, primaryOf, selfOf, type Context, type RoomWanted } from "./context.js";
import { failedRules, outcomeOf, reasonsOf, type Finding } from "./finding.js";
import type { Parsed } from "./parse.js";
import { lag, lagsOf, majority } from "./rules-lag.js";
import { freshHeartbeats, heartbeatMessages, memberHealth, memberStates, selfFields } from "./rules-member.js";
import { ownRoom, room, secondHand } from "./rules-room.js";
import { commandsSucceeded, expectedMembers, onePrimary, sameConfiguration, sameSet } from "./rules-set.js";
import { notArbiter, settled } from "./rules-time.js";
import { stateNames } from "./status.js";
import type { View } from "./view.js";

/** What a view is measured by. */
export interface Measure {
  expectedMembers: number | null;
  maxLagSeconds: number;
  live: boolean;
  room: RoomWanted;
}

/** A saved document is no reason to stop for want of room: that is judged live. */
const roomOfSaved: RoomWanted = { strict: false, downtimeSeconds: defaultGateSettings.mongo.downtimeSeconds };

type Rule = (context: Context) => Finding[];

/** What every viewpoint must show; what others know of a member's data is only judged from the primary's. */
const everyView: readonly Rule[] = [
  sameSet,
  onePrimary,
  memberStates,
  memberHealth,
  selfFields,
  heartbeatMessages,
  freshHeartbeats,
  sameConfiguration,
  ownRoom,
];
const decidingView: readonly Rule[] = [...everyView, lag, majority, settled, room, secondHand, notArbiter];
const arrayOnly: readonly Rule[] = [
  onePrimary,
  memberStates,
  memberHealth,
  selfFields,
  heartbeatMessages,
  sameConfiguration,
  lag,
];

/** All findings of one member's answer. `deciding`: the primary's answer, or the only one there is. */
export function judgeView(view: View, measure: Measure, deciding: boolean): Finding[] {
  const context = contextOf(view, measure);
  const succeeded = commandsSucceeded(context);
  if (view.status.members === null) return [...succeeded, membersMissing(succeeded[0]?.outcome ?? "unknown")];
  const rules = view.status.shape === "array" ? arrayOnly : deciding ? decidingView : everyView;
  const found = [...succeeded, ...expectedMembers(context), ...rules.flatMap((rule) => rule(context))];
  return found.sort((one, other) => (one.rule ?? "G99").localeCompare(other.rule ?? "G99"));
}

/** The verdict on one saved document, by the rules for one sample. */
export function judgeSaved(parsed: Parsed, saved: Omit<Measure, "live" | "room">): Verdict {
  const measure: Measure = { ...saved, live: false, room: roomOfSaved };
  const findings = parsed.kind === "view" ? judgeView(parsed.view, measure, true) : [unreadableFinding(parsed, null)];
  const observed: Record<string, Observed> = {
    failedRules: failedRules(findings),
    maxLagSeconds: measure.maxLagSeconds,
  };
  if (parsed.kind === "view") Object.assign(observed, observedOf(parsed.view, measure));
  return { gate: "mongo-replica-set", outcome: outcomeOf(findings), reasons: reasonsOf(findings), observed };
}

/** G01: nothing that can be judged. Live, a member may answer better when asked again. */
export function unreadableFinding(parsed: Extract<Parsed, { kind: "unreadable" }>, member: string | null): Finding {
  const who = member === null ? "The text" : `${member}'s answer`;
  const message = `${who} is not one whole reply of MongoDB (${parsed.why}), expected exactly one: ask again and keep all of it.`;
  return { rule: "G01", code: parsed.code, member, outcome: member === null ? "unknown" : "wait", message };
}

/** What was seen of the set, as evidence: no more of a document than the rules look at. */
export function observedOf(view: View, measure: Measure): Record<string, Observed> {
  const { status } = view;
  const lags = new Map(lagsOf(contextOf(view, measure)).map((each) => [each.member, each.seconds]));
  const members = status.members ?? [];
  const primary = primaryOf(members);
  const self = selfOf(members);
  return {
    set: status.set,
    date: status.date?.toISOString() ?? null,
    term: status.term,
    configVersion: view.config?.version ?? self?.configVersion ?? null,
    primary: primary ? labelOf(primary.name) : null,
    askedOf: self ? labelOf(self.name) : null,
    error: status.ok === 1 ? null : { code: status.code, codeName: status.codeName },
    members: members.map((member) => ({
      name: labelOf(member.name),
      state: member.state === null ? null : (stateNames[member.state] ?? member.state),
      health: member.health,
      lagSeconds: lags.get(labelOf(member.name)) ?? null,
    })),
  };
}

function contextOf(view: View, measure: Measure): Context {
  return {
    ...measure,
    status: view.status,
    members: view.status.members ?? [],
    hello: view.hello,
    config: view.config,
    oplog: view.oplog,
    work: view.work,
  };
}

function membersMissing(outcome: Finding["outcome"]): Finding {
  const message =
    "The reply lists no members, so nothing is known of the set; expected the reply to replSetGetStatus of a member.";
  return { rule: "G04", code: "MEMBERS_MISSING", member: null, outcome, message };
}
