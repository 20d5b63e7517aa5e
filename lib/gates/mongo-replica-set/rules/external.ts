import { type Answer, type MongoProbe } from "../probe/answers.js";
import { findSelf, formatMemberLabel } from "./context.js";
import { collectAnsweringNames, findConfiguredMembers } from "../probe/external-probe.js";
import { type Finding } from "../finding.js";

/**
 * Checks a MongoDB outside the cluster, where no StatefulSet names the expected members: the hosts of the connection
 * string are distinct members, each member of the set with data is one of them or hidden, all answered, and the set has
 * the expected name.
 */
export function checkExternalMembers({ answers, expectedSet }: MongoProbe): Finding[] {
  return [...checkDistinctMembers(answers), ...checkUnnamedMembers(answers), ...checkExpectedSet(answers, expectedSet)];
}

/** Checks that each host is a member of its own: two addresses of one member would hide a lost one. */
function checkDistinctMembers(answers: readonly Answer[]): Finding[] {
  const seen = new Set<string>();
  return answers.flatMap(({ pod, parsed }) => {
    if (parsed.kind !== "view" || parsed.view.status.members === null) return [];
    const self = findSelf(parsed.view.status.members);
    if (self === null)
      return [
        createFinding(
          "G03",
          "WRONG_MEMBER",
          pod,
          "fail",
          `${pod} does not list itself among the members, expected a member of the set: check that the connection string leads to it.`,
        ),
      ];
    if (!seen.has(self.name)) return (seen.add(self.name), []);
    return [
      createFinding(
        "G03",
        "WRONG_MEMBER",
        pod,
        "fail",
        `Two hosts of the connection string lead to ${pod}, expected a member each: name every member once in palette:secrets.mongoUri.`,
      ),
    ];
  });
}

/** Reports members without an answer, unless a host that did not answer may be that member. */
function checkUnnamedMembers(answers: readonly Answer[]): Finding[] {
  const heard = collectAnsweringNames(answers);
  const missing = findConfiguredMembers(answers).filter(({ host, arbiterOnly }) => !arbiterOnly && !heard.has(host));
  const silent = answers.filter(({ parsed }) => parsed.kind !== "view" || parsed.view.status.members === null);
  if (missing.length <= silent.length) return [];
  return missing
    .filter(({ hidden }) => !hidden)
    .map(({ host }) =>
      createFinding(
        "G04",
        "MEMBER_NOT_NAMED",
        formatMemberLabel(host),
        "unknown",
        `${formatMemberLabel(host)} is in the set's configuration and no host of the connection string answered as it, expected every member with data: name them all in palette:secrets.mongoUri, so that a lost one is noticed.`,
      ),
    );
}

function checkExpectedSet(answers: readonly Answer[], expected: string | null): Finding[] {
  if (expected === null) return [];
  const names = new Set(
    answers.flatMap(({ parsed }) => (parsed.kind === "view" ? (parsed.view.status.set ?? []) : [])),
  );
  return [...names]
    .filter((name) => name !== expected)
    .map((name) =>
      createFinding(
        "G03",
        "SET_NAME",
        null,
        "fail",
        `The set is called ${name}, expected ${expected} as the connection string says: check that it leads to Palette's MongoDB.`,
      ),
    );
}

function createFinding(
  rule: Finding["rule"],
  code: string,
  member: string | null,
  outcome: Finding["outcome"],
  message: string,
): Finding {
  return { rule, code, member, outcome, message };
}
