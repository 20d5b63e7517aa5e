import type { GateSettings } from "../../stack/gate-settings.js";
import { distinct, outcomeOf, reasonsOf, type Finding } from "../mongo-replica-set/finding.js";
import { viewpointsOf, type Viewpoint } from "../mongo-replica-set/judge-live.js";
import { configuredMembers } from "../mongo-replica-set/external-probe.js";
import { outsideFindings } from "../mongo-replica-set/outside.js";
import type { Answer, MongoProbe, Surroundings } from "../mongo-replica-set/probe.js";
import type { Edge, Verdict } from "../types.js";
import { compareCompatibility, type Requirement } from "./requirement.js";

/** A hop that needs no compatibility version. */
export function notApplicable({ from, to }: Edge): Verdict {
  const message = `The hop ${from} -> ${to} needs no feature compatibility version of MongoDB.`;
  return {
    gate: "mongo-fcv",
    outcome: "pass",
    reasons: [{ code: "NOT_APPLICABLE", member: null, message }],
    observed: { least: null },
  };
}

/** The verdict for a hop that crosses `requirement`: every member must show the version, one that is not heard blocks. */
export function judgeCompatibility(probe: MongoProbe, requirement: Requirement, settings: GateSettings): Verdict {
  const viewpoints = viewpointsOf(probe.answers);
  const findings = distinct([
    ...probe.findings,
    ...(probe.surroundings ? editionFindings(probe.surroundings, settings) : outsideFindings(probe)),
    ...viewpoints.flatMap((viewpoint) => judgeMember(viewpoint, requirement)),
    ...(probe.surroundings ? unheard(probe.answers, probe.surroundings, viewpoints, settings) : unheardOutside(probe)),
  ]);
  const members = viewpoints.map(({ pod, view }) => ({
    name: pod,
    version: view.fcv?.version ?? null,
    binary: view.binary,
  }));
  const observed = {
    least: requirement.least,
    source: `${requirement.source.repository}@${requirement.source.commit}:${requirement.source.path}`,
    members,
  };
  return { gate: "mongo-fcv", outcome: outcomeOf(findings), reasons: reasonsOf(findings), observed };
}

function judgeMember({ pod, view }: Viewpoint, { least, because }: Requirement): Finding[] {
  const { fcv } = view;
  const order = fcv?.ok === 1 && fcv.version !== null ? compareCompatibility(fcv.version, least) : null;
  if (!fcv || fcv.version === null || order === null) {
    const said = fcv?.errmsg ? `: "${fcv.errmsg}"` : "";
    return [
      finding(
        "FCV_UNREADABLE",
        pod,
        "unknown",
        `${pod} did not tell its feature compatibility version${said}, expected ${least} or higher: check that the probe's user may run getParameter.`,
      ),
    ];
  }
  if (fcv.targetVersion !== null) {
    return [
      finding(
        "FCV_CHANGING",
        pod,
        "wait",
        `${pod} is changing its feature compatibility version from ${fcv.version} to ${fcv.targetVersion}, expected ${least} or higher and at rest: wait for it to end.`,
      ),
    ];
  }
  if (order >= 0) return [];
  const message = `${pod} has feature compatibility version ${fcv.version}, expected ${least} or higher: ${because}. That is the act fcv-raise: raise it on the primary (setFeatureCompatibilityVersion: "${least}", confirm: true); it cannot be undone in place, so have a fresh backup first.`;
  return [finding("FCV_TOO_LOW", pod, "fail", message)];
}

/** Members that gave no answer that can be read, by what the StatefulSet says there should be. */
function unheard(
  answers: readonly Answer[],
  { statefulSet }: Surroundings,
  viewpoints: readonly Viewpoint[],
  { mongo }: GateSettings,
): Finding[] {
  if (!statefulSet) {
    if (statefulSet === null) return [];
    const message = `There is no StatefulSet ${mongo.statefulSet} in ${mongo.namespace}, expected MongoDB's: correct palette:mongo; ask a MongoDB outside the cluster by hand.`;
    return [finding("MONGO_NOT_FOUND", mongo.statefulSet, "unknown", message)];
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
      const message = `${pod} did not tell its feature compatibility version (${why}), expected an answer of every member: look at its pod.`;
      return finding(parsed ? "FCV_UNREADABLE" : "MEMBER_SILENT", pod, parsed ? "unknown" : "wait", message);
    });
}

/** Outside the cluster the set's own configuration says who is hidden: without it nobody knows whether all were asked. */
function unheardOutside({ answers, findings }: MongoProbe): Finding[] {
  if (configuredMembers(answers).length > 0 || findings.length > 0) return [];
  const message =
    "No member told the set's configuration, expected it to know whom to ask: check that the user has the role clusterMonitor.";
  return [finding("MEMBERS_UNKNOWN", null, "unknown", message)];
}

function editionFindings(surroundings: Surroundings, { edition }: GateSettings): Finding[] {
  if (surroundings.edition === null || surroundings.edition === edition) return [];
  return [
    finding(
      "EDITION_MISMATCH",
      null,
      "fail",
      `MongoDB is set up as ${surroundings.edition}, expected ${edition} as the stack says: correct palette:edition or the cluster.`,
    ),
  ];
}

function finding(code: string, member: string | null, outcome: Finding["outcome"], message: string): Finding {
  return { rule: null, code, member, outcome, message };
}
