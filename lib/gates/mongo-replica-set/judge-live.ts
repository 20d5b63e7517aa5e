import { type GateSettings } from "../../settings/gate-settings.js";
import { type Observed, type Verdict } from "../verdict/types.js";
import { type Answer, type MongoProbe, type Surroundings } from "./probe/answers.js";
import { checkAgreement, checkOneDecides, checkOwnOptimes, type Viewpoint } from "./rules/agreement.js";
import { findPrimary, findSelf, formatHostLabel, formatMemberLabel } from "./rules/context.js";
import { computeOutcome, type Finding, listFailedRules, removeDuplicates, toReasons } from "./finding.js";
import { createUnreadableFinding, judgeView, type Measure, toObserved } from "./judge.js";
import { checkExternalMembers } from "./rules/external.js";
import { isRunning } from "./probe/probe.js";
import { judgeSurroundings, toObservedSurroundings } from "./rules/surroundings.js";
import { type View } from "./reply/view.js";

/** What is known in addition to the sample. */
interface Circumstances {
  resuming: boolean;
  /** For how long earlier samples have shown other members than expected (G04). */
  secondsUnexpected: number;
}

/**
 * Judges one live sample: the primary's answer decides, every other member must agree with it and report no fault of
 * its own, and the cluster must agree. The members expected are the StatefulSet's replicas, never those in the
 * document.
 */
export function judgeLive(
  probe: MongoProbe,
  settings: GateSettings,
  { resuming, secondsUnexpected }: Circumstances,
): Verdict {
  const { maxLagSeconds, strict, downtimeSeconds } = settings.mongo;
  const viewpoints = selectViewpoints(probe.answers);
  const measure: Measure = {
    expectedMembers: probe.expectedMembers,
    maxLagSeconds,
    live: true,
    headroom: { strict, downtimeSeconds },
  };
  const deciding = viewpoints.filter(({ view }) => view.status.myState === 1);
  const lasting = secondsUnexpected >= settings.mongo.intervalSeconds;
  const findings = removeDuplicates([
    ...probe.findings,
    ...(probe.surroundings ? checkCluster(probe.surroundings, settings, resuming) : checkExternalMembers(probe)),
    ...probe.answers.flatMap(({ pod, parsed }) =>
      parsed.kind === "unreadable" ? [createUnreadableFinding(parsed, pod)] : [],
    ),
    ...[...deciding, ...viewpoints.filter((each) => !deciding.includes(each))].flatMap((each) =>
      judgeViewpoint(each, measure, deciding.includes(each), probe.surroundings !== null),
    ),
    ...checkDecidingMember(viewpoints, deciding),
    ...checkAgreement(viewpoints),
    ...checkOwnOptimes(viewpoints, deciding, maxLagSeconds),
  ]).map((finding) =>
    lasting && membershipCodes.has(finding.code) ? { ...finding, outcome: "fail" as const } : finding,
  );
  const first = deciding[0] ?? viewpoints[0];
  const observed: Record<string, Observed> = {
    ...(probe.surroundings ? toObservedSurroundings(probe.surroundings) : { external: true }),
    expectedMembers: probe.expectedMembers,
    failedRules: listFailedRules(findings),
    maxLagSeconds,
    askedMembers: viewpoints.map(({ pod }) => pod),
    ...(first ? toObserved(first.view, measure) : {}),
  };
  return { gate: "mongo-replica-set", outcome: computeOutcome(findings), reasons: toReasons(findings), observed };
}

function checkCluster(seen: Surroundings, { edition, mongo }: GateSettings, resuming: boolean): Finding[] {
  const { namespace, statefulSet, container } = mongo;
  return [
    ...judgeSurroundings(seen, { edition, namespace, statefulSet, resuming }),
    ...(seen.pods ?? []).filter((pod) => !isRunning(pod, container)).map((pod) => createSilentFinding(pod.name)),
  ];
}

/** G04: a member may be joining or leaving for one interval; after that the set is not the one expected. */
export const membershipCodes: ReadonlySet<string> = new Set(["MEMBER_COUNT", "MEMBER_MISSING", "MEMBER_UNEXPECTED"]);

/** Selects the answers that could be read. */
export function selectViewpoints(answers: readonly Answer[]): Viewpoint[] {
  return answers.flatMap(({ pod, parsed }) => (parsed.kind === "view" ? [{ pod, view: parsed.view }] : []));
}

function judgeViewpoint({ pod, view }: Viewpoint, measure: Measure, decides: boolean, inCluster: boolean): Finding[] {
  const found = judgeView(view, measure, decides);
  const parts = view.config === null || view.hello === null ? [createIncompleteFinding(pod)] : [];
  return [...found, ...parts, ...(inCluster ? checkIdentity(pod, view) : [])].map((finding) =>
    finding.member === null && finding.outcome !== "note"
      ? { ...finding, member: pod, message: `Asked ${pod}: ${finding.message}` }
      : finding,
  );
}

/** Checks that the answer comes from the pod that was asked. */
function checkIdentity(pod: string, { status, hello }: View): Finding[] {
  if (status.members === null) return [];
  const self = findSelf(status.members);
  const said = [self?.name, ...(hello?.ok === 1 ? [hello.me] : [])].map((name) =>
    name ? formatHostLabel(name) : "none",
  );
  if (said.every((name) => name === pod)) return [];
  const seen = said.join(" and ");
  const message = `The container of ${pod} calls itself ${seen}, expected ${pod}: check that the set's host names are those of its pods.`;
  return [{ rule: "G03", code: "WRONG_MEMBER", member: pod, outcome: "fail", message }];
}

function checkDecidingMember(viewpoints: readonly Viewpoint[], deciding: readonly Viewpoint[]): Finding[] {
  if (deciding.length === 1) return [];
  if (deciding.length > 1) return checkOneDecides(deciding);
  const named = viewpoints.flatMap(({ view }) => findPrimary(view.status.members ?? [])?.name ?? [])[0];
  if (named !== undefined) {
    const name = formatMemberLabel(named);
    return [
      {
        rule: "G05",
        code: "PRIMARY_SILENT",
        member: name,
        outcome: "wait",
        message: `${name} is PRIMARY and gave no answer of its own, expected one to decide on: it is asked again.`,
      },
    ];
  }
  if (viewpoints.length > 0) return [];
  return [
    {
      rule: "G01",
      code: "NO_ANSWER",
      member: null,
      outcome: "wait",
      message: "No member of MongoDB gave an answer that can be judged, expected one of each: look at its pods.",
    },
  ];
}

function createSilentFinding(pod: string): Finding {
  return {
    rule: "G01",
    code: "MEMBER_SILENT",
    member: pod,
    outcome: "wait",
    message: `${pod} could not be asked because its container is not running, expected an answer of every member: look at its pod.`,
  };
}

function createIncompleteFinding(pod: string): Finding {
  return {
    rule: "G02",
    code: "OK_MISSING",
    member: pod,
    outcome: "unknown",
    message: `${pod}'s answer lacks hello or replSetGetConfig, expected both: ask again.`,
  };
}
