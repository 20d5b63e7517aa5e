import { defaultGateSettings } from "../../settings/gate-settings.js";
import type { Observed, Verdict } from "../verdict/types.js";
import { computeOutcome, type Finding, listFailedRules, removeDuplicates, toReasons } from "./finding.js";
import { createUnreadableFinding, judgeView, type Measure, toObserved } from "./judge.js";
import type { View } from "./reply/view.js";
import { checkAgreement, checkOneDecides, checkOwnOptimes } from "./rules/agreement.js";
import { formatMemberLabel, type HeadroomRequirement } from "./rules/context.js";
import { type Remains, type Saved, type SavedAnswer } from "./text/saved.js";

/** A saved document never blocks for missing headroom: that is judged live. */
const headroom: HeadroomRequirement = { strict: false, downtimeSeconds: defaultGateSettings.mongo.downtimeSeconds };
const quotedLines = 3;
/** Answers further apart are not of one sample. */
const apartSeconds = 900;

type Answers = Extract<Saved, { kind: "answers" }>;

/**
 * Judges a saved text by the rules for one sample: each answer in it by itself, the PRIMARY's (or the only one) with the
 * rules for the whole set, and all of them against each other. What else the text shows may only take a pass away.
 */
export function judgeSaved(saved: Saved, limits: Omit<Measure, "live" | "headroom">): Verdict {
  const measure: Measure = { ...limits, live: false, headroom };
  const findings = saved.kind === "answers" ? judgeAnswers(saved, measure) : [createUnreadableFinding(saved, null)];
  const first = saved.kind === "answers" ? (saved.answers.find(isPrimary) ?? saved.answers[0]) : undefined;
  const observed: Record<string, Observed> = {
    failedRules: listFailedRules(findings),
    maxLagSeconds: measure.maxLagSeconds,
    ...(first ? toObserved(first.views[0]!, measure) : {}),
    ...(saved.kind === "answers" && saved.answers.length > 1 ? { askedMembers: saved.answers.map(getLabel) } : {}),
  };
  return { gate: "mongo-replica-set", outcome: computeOutcome(findings), reasons: toReasons(findings), observed };
}

function judgeAnswers({ answers, remains }: Answers, measure: Measure): Finding[] {
  const judged = answers.length === 1 ? judgeViews(answers[0]!.views, measure, true) : judgeSeveral(answers, measure);
  const found = [...judged, ...createFailedFindings(remains)];
  return [...found, ...createUnknownFindings(remains, computeOutcome(found) === "pass"), ...createRemarks(remains)];
}

function judgeSeveral(answers: readonly SavedAnswer[], measure: Measure): Finding[] {
  const viewpoints = answers.map((answer) => ({ pod: getLabel(answer), view: answer.views[0]! }));
  const deciding = viewpoints.filter(({ view }) => view.status.myState === 1);
  const judged = answers.flatMap((answer) => {
    const member = getLabel(answer);
    return judgeViews(answer.views, measure, deciding.length === 0 || isPrimary(answer)).map((finding) =>
      finding.member === null && finding.outcome !== "note"
        ? { ...finding, member, message: `Asked ${member}: ${finding.message}` }
        : finding,
    );
  });
  return removeDuplicates([
    ...judged,
    ...checkOneDecides(deciding),
    ...checkAgreement(viewpoints),
    ...checkOwnOptimes(viewpoints, deciding, measure.maxLagSeconds),
    ...checkSameTime(viewpoints.map(({ view }) => view)),
  ]);
}

function judgeViews(views: readonly View[], measure: Measure, decides: boolean): Finding[] {
  const found = views.flatMap((view) => judgeView(view, measure, decides));
  return views.length === 1 ? found : removeDuplicates(found);
}

function checkSameTime(views: readonly View[]): Finding[] {
  const times = views.flatMap(({ status: { date } }) => (date === null ? [] : [date.getTime() / 1000]));
  const apart = Math.max(...times) - Math.min(...times);
  if (!(apart > apartSeconds)) return [];
  const message = `The answers in the text are up to ${apart.toFixed(0)} s apart, expected at most ${apartSeconds} s: ask all members again, one after the other.`;
  return [{ rule: "G01", code: "ANSWERS_APART", member: null, outcome: "unknown", message }];
}

function createFailedFindings({ failures }: Remains): Finding[] {
  if (failures.length === 0) return [];
  const message = `The text shows ${count(failures.length, "answer")} that failed (${list(failures)}), expected all to succeed: fix the cause, ask again, and keep that answer alone.`;
  return [{ rule: "G01", code: "ANSWER_FAILED", member: null, outcome: "unknown", message }];
}

/** Lines that are not accounted for may hold an answer: no pass; where it is none already, a remark. */
function createUnknownFindings({ unknown }: Remains, passes: boolean): Finding[] {
  if (unknown.length === 0) return [];
  const message = `The text holds ${count(unknown.length, "line")} that cannot be accounted for (${list(unknown)}), expected rs.status() and what the shell prints around it: leave out what is no answer, or ask again.`;
  return [{ rule: "G01", code: "LINE_UNKNOWN", member: null, outcome: passes ? "unknown" : "note", message }];
}

function createRemarks({ passed, prose }: Remains): Finding[] {
  const messages = [
    ...(passed.length > 0
      ? [`${count(passed.length, "command")} failed that asked nothing of the set, before an answer (${list(passed)}).`]
      : []),
    ...(prose > 0 ? [`${count(prose, "line")} outside the code blocks of the text were not judged.`] : []),
  ];
  return messages.map((message) => ({ rule: null, code: "NOTE", member: null, outcome: "note", message }));
}

function list(lines: readonly string[]): string {
  const shown = lines.slice(0, quotedLines).join("; ");
  return lines.length > quotedLines ? `${shown}; and ${lines.length - quotedLines} more` : shown;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function isPrimary({ views }: SavedAnswer): boolean {
  return views[0]!.status.myState === 1;
}

function getLabel({ member }: SavedAnswer): string {
  return member === null ? "a member" : formatMemberLabel(member);
}
