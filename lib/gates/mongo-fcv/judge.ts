import { type GateSettings } from "../../settings/gate-settings.js";
import { type Answer, type MongoProbe, type Surroundings } from "../mongo-replica-set/probe/answers.js";
import { findConfiguredMembers } from "../mongo-replica-set/probe/external-probe.js";
import { computeOutcome, type Finding, removeDuplicates, toReasons } from "../mongo-replica-set/finding.js";
import { selectViewpoints } from "../mongo-replica-set/judge-live.js";
import { type Viewpoint } from "../mongo-replica-set/rules/agreement.js";
import { findSelf } from "../mongo-replica-set/rules/context.js";
import { checkExternalMembers } from "../mongo-replica-set/rules/external.js";
import { type Edge, type Verdict } from "../verdict/types.js";
import { linkSource } from "../../planning/rules/citation.js";
import { compareCompatibility, type Requirement } from "./requirement.js";

/** Creates the verdict for a hop that requires no compatibility version. */
export function createNotApplicableVerdict({ from, to }: Edge): Verdict {
  const message = `The hop ${from} -> ${to} needs no feature compatibility version of MongoDB.`;
  return {
    gate: "mongo-fcv",
    outcome: "pass",
    reasons: [{ code: "NOT_APPLICABLE", member: null, message }],
    observed: { least: null },
  };
}

/**
 * Judges a hop that crosses `requirement`: every member with data must report the version; a member without an answer
 * blocks. An arbiter, which has no data, reports the lower version that its binary allows, whatever the set's is.
 */
export function judgeCompatibility(probe: MongoProbe, requirement: Requirement, settings: GateSettings): Verdict {
  const viewpoints = selectViewpoints(probe.answers);
  const findings = removeDuplicates([
    ...probe.findings,
    ...(probe.surroundings ? checkEdition(probe.surroundings, settings) : checkExternalMembers(probe)),
    ...viewpoints.filter(hasData).flatMap((viewpoint) => judgeMember(viewpoint, requirement)),
    ...(probe.surroundings
      ? checkSilentMembers(probe.answers, probe.surroundings, viewpoints, settings)
      : checkExternalConfiguration(probe)),
  ]);
  const members = viewpoints.map(({ pod, view }) => ({
    name: pod,
    version: view.fcv?.version ?? null,
    binary: view.binary,
  }));
  const observed = {
    least: requirement.least,
    source: linkSource(requirement.source),
    members,
  };
  return { gate: "mongo-fcv", outcome: computeOutcome(findings), reasons: toReasons(findings), observed };
}

/** Tells whether a member is no arbiter, by its own state in its own view. */
function hasData({ view }: Viewpoint): boolean {
  return findSelf(view.status.members ?? [])?.state !== 7;
}

function judgeMember({ pod, view }: Viewpoint, { least, because }: Requirement): Finding[] {
  const { fcv } = view;
  const order = fcv?.ok === 1 && fcv.version !== null ? compareCompatibility(fcv.version, least) : null;
  if (!fcv || fcv.version === null || order === null) {
    const said = fcv?.errmsg ? `: "${fcv.errmsg}"` : "";
    return [
      createFinding(
        "FCV_UNREADABLE",
        pod,
        "unknown",
        `${pod} did not report its feature compatibility version${said}, expected ${least} or higher: check that the probe's user may run getParameter.`,
      ),
    ];
  }
  if (fcv.targetVersion !== null) {
    return [
      createFinding(
        "FCV_CHANGING",
        pod,
        "wait",
        `${pod} is changing its feature compatibility version from ${fcv.version} to ${fcv.targetVersion}, expected ${least} or higher and at rest: wait for it to end.`,
      ),
    ];
  }
  if (order >= 0) return [];
  const message = `${pod} has feature compatibility version ${fcv.version}, expected ${least} or higher: ${because}. That is the act fcv-raise: raise it on the primary (setFeatureCompatibilityVersion: "${least}", confirm: true); it cannot be undone in place, so have a fresh backup first.`;
  return [createFinding("FCV_TOO_LOW", pod, "fail", message)];
}

/** Reports members of the StatefulSet that gave no readable answer. */
function checkSilentMembers(
  answers: readonly Answer[],
  { statefulSet }: Surroundings,
  viewpoints: readonly Viewpoint[],
  { mongo }: GateSettings,
): Finding[] {
  if (!statefulSet) {
    if (statefulSet === null) return [];
    const message = `There is no StatefulSet ${mongo.statefulSet} in ${mongo.namespace}, expected MongoDB's: correct palette:mongo; ask a MongoDB outside the cluster by hand.`;
    return [createFinding("MONGO_NOT_FOUND", mongo.statefulSet, "unknown", message)];
  }
  const wanted = Array.from(
    { length: Math.min(Math.max(statefulSet.desired, 1), 50) },
    (_, index) => `${mongo.statefulSet}-${index}`,
  );
  return wanted
    .filter((pod) => !viewpoints.some((each) => each.pod === pod))
    .map((pod) => {
      const parsed = answers.find((answer) => answer.pod === pod)?.parsed;
      const why = parsed?.kind === "unreadable" ? parsed.why : "its container could not be asked";
      const message = `${pod} did not report its feature compatibility version (${why}), expected an answer of every member: look at its pod.`;
      return createFinding(parsed ? "FCV_UNREADABLE" : "MEMBER_SILENT", pod, parsed ? "unknown" : "wait", message);
    });
}

/** Checks that an external set reported its configuration: only that names hidden members, so that all are asked. */
function checkExternalConfiguration({ answers, findings }: MongoProbe): Finding[] {
  if (findConfiguredMembers(answers).length > 0 || findings.length > 0) return [];
  const message =
    "No member answered with the set's configuration, which lists the members to ask: check that the user has the role clusterMonitor.";
  return [createFinding("MEMBERS_UNKNOWN", null, "unknown", message)];
}

function checkEdition(surroundings: Surroundings, { edition }: GateSettings): Finding[] {
  if (surroundings.edition === null || surroundings.edition === edition) return [];
  return [
    createFinding(
      "EDITION_MISMATCH",
      null,
      "fail",
      `MongoDB is set up as ${surroundings.edition}, expected ${edition} as the stack says: correct palette:edition or the cluster.`,
    ),
  ];
}

function createFinding(code: string, member: string | null, outcome: Finding["outcome"], message: string): Finding {
  return { rule: null, code, member, outcome, message };
}
