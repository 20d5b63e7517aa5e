import { labelOf, selfOf } from "./context.js";
import { configuredMembers, namesOf } from "./external-probe.js";
import type { Finding } from "./finding.js";
import type { Answer, MongoProbe } from "./probe.js";

/**
 * What must hold of a MongoDB outside the cluster, where no StatefulSet says which members there should be: the hosts of
 * the connection string are as many members, each of the set's members with data is one of them or hidden, all were heard,
 * and the set bears the name that was asked for.
 */
export function outsideFindings({ answers, expectedSet }: MongoProbe): Finding[] {
  return [...sameMembers(answers), ...unnamedMembers(answers), ...otherSet(answers, expectedSet)];
}

/** Two addresses of one member would hide a lost one. */
function sameMembers(answers: readonly Answer[]): Finding[] {
  const seen = new Set<string>();
  return answers.flatMap(({ pod, parsed }) => {
    if (parsed.kind !== "view" || parsed.view.status.members === null) return [];
    const self = selfOf(parsed.view.status.members);
    if (self === null)
      return [
        about(
          "G03",
          "WRONG_MEMBER",
          pod,
          "fail",
          `${pod} does not list itself among the members, expected a member of the set: check that the connection string leads to it.`,
        ),
      ];
    if (!seen.has(self.name)) return (seen.add(self.name), []);
    return [
      about(
        "G03",
        "WRONG_MEMBER",
        pod,
        "fail",
        `Two hosts of the connection string lead to ${pod}, expected a member each: name every member once in palette:mongoUri.`,
      ),
    ];
  });
}

/** A member that no answer is of, unless a host that did not answer may be it. */
function unnamedMembers(answers: readonly Answer[]): Finding[] {
  const heard = namesOf(answers);
  const missing = configuredMembers(answers).filter(({ host, arbiterOnly }) => !arbiterOnly && !heard.has(host));
  const silent = answers.filter(({ parsed }) => parsed.kind !== "view" || parsed.view.status.members === null);
  if (missing.length <= silent.length) return [];
  return missing
    .filter(({ hidden }) => !hidden)
    .map(({ host }) =>
      about(
        "G04",
        "MEMBER_NOT_NAMED",
        labelOf(host),
        "unknown",
        `${labelOf(host)} is in the set's configuration and no host of the connection string answered as it, expected every member with data: name them all in palette:mongoUri, so that a lost one is noticed.`,
      ),
    );
}

function otherSet(answers: readonly Answer[], expected: string | null): Finding[] {
  if (expected === null) return [];
  const names = new Set(
    answers.flatMap(({ parsed }) => (parsed.kind === "view" ? (parsed.view.status.set ?? []) : [])),
  );
  return [...names]
    .filter((name) => name !== expected)
    .map((name) =>
      about(
        "G03",
        "SET_NAME",
        null,
        "fail",
        `The set is called ${name}, expected ${expected} as the connection string says: check that it leads to Palette's MongoDB.`,
      ),
    );
}

function about(
  rule: Finding["rule"],
  code: string,
  member: string | null,
  outcome: Finding["outcome"],
  message: string,
): Finding {
  return { rule, code, member, outcome, message };
}
