import { compareVersions, type Version } from "../../version/version.js";
import type { RouteQuery } from "../search/route-query.js";
import { describeNewestKnown, isBeyondKnown, type NewestKnown } from "./newest-known.js";
import { findCloseVersions, type RefusalFacts } from "./refusal-facts.js";
import {
  describePair,
  joinClauses,
  describeNextStep,
  describeRefusingRows,
  type RefusalDetails,
} from "./refusal-text.js";
import { listGoals, findNeighbours } from "../search/target.js";
import { selectIsOrAre, formatList } from "./list-text.js";

/** A fault of the request, whatever the rows are. */
interface RequestFault {
  code: string;
  /** The goals to pass to `gatherFacts`. */
  goals: Version[];
  facts: Partial<RefusalFacts>;
  formatMessage(details: RefusalDetails): string;
}

/** Finds a fault of the request itself, whatever the routes: a downgrade or an unlisted version; null if none. */
export function findRequestFault(query: RouteQuery, newest: NewestKnown | null): RequestFault | null {
  const { from, target, graph, matrix } = query;
  const listed = listGoals(target, graph.versions);
  const wanted = target.exact === null ? listed : [target.exact];
  const highest = wanted.at(-1);
  if (highest === undefined) return createEmptyRangeFault(query, newest);
  if (compareVersions(highest, from) < 0) {
    return {
      code: "DOWNGRADE",
      goals: wanted,
      facts: {},
      formatMessage: () =>
        `The way from ${from} to ${target.exact ?? `"${target.text}" (at most ${highest})`} is a downgrade, which Palette does not support in ${matrix.id} or anywhere: ask for a version above ${from}, or restore the backup that was taken at ${highest}.`,
    };
  }
  const goals = wanted.filter((goal) => compareVersions(goal, from) >= 0);
  if (query.source < 0) return createUnknownSourceFault(query, goals, newest);
  if (target.exact !== null && listed.length === 0) return createUnknownTargetFault(query, target.exact, newest);
  return null;
}

function createEmptyRangeFault({ from, target, graph, matrix }: RouteQuery, known: NewestKnown | null): RequestFault {
  const above = graph.versions.filter((version) => compareVersions(version, from) > 0);
  const offer = isBeyondKnown(target, known)
    ? describeNewestKnown(known)
    : above.length === 0
      ? `it lists nothing above ${from}; use the matrix of a newer page`
      : `above ${from} it lists ${formatList(above)}; ask for one of these, or use the matrix of a page that lists more`;
  const formatMessage = (details: RefusalDetails): string =>
    joinClauses(
      `No release that ${matrix.id} lists fits the target "${target.text}" asked for from ${from}`,
      details.others.some((other) => other.valid) ? describeNextStep(details) : offer,
    );
  return { code: "TARGET_RANGE_EMPTY", goals: [], facts: {}, formatMessage };
}

function createUnknownSourceFault(query: RouteQuery, goals: Version[], known: NewestKnown | null): RequestFault {
  const { from, graph } = query;
  const [oldest, newest] = [graph.versions[0], graph.versions.at(-1)];
  const fault = { goals, facts: {} };
  if (oldest !== undefined && compareVersions(from, oldest) < 0) {
    return { ...fault, code: "SOURCE_TOO_OLD", formatMessage: (details) => describeTooOld(details, oldest) };
  }
  if (newest !== undefined && compareVersions(from, newest) > 0) {
    return { ...fault, code: "SOURCE_TOO_NEW", formatMessage: (details) => describeTooNew(details, newest, known) };
  }
  return { ...fault, code: "SOURCE_UNKNOWN", formatMessage: describeNotListed };
}

function describeTooOld(details: RefusalDetails, oldest: Version): string {
  const { from, matrix } = details.query;
  return joinClauses(
    `${from} is older than anything ${matrix.id} lists (from ${oldest} on), so no supported route leads from ${describePair(details.query)}`,
    describeRefusingRows(details),
    `ask the vendor's support how to get from ${from} to ${oldest} or later`,
  );
}

function describeTooNew(details: RefusalDetails, newest: Version, known: NewestKnown | null): string {
  const { from, matrix, target } = details.query;
  return joinClauses(
    `${from} is newer than anything ${matrix.id} lists (up to ${newest}), so no supported route leads from ${describePair(details.query)}`,
    details.others.some((other) => other.valid)
      ? describeNextStep(details)
      : isBeyondKnown(target, known)
        ? describeNewestKnown(known)
        : "use the matrix of a newer page, or import one with `palette-upgrade matrix import`",
  );
}

function describeNotListed(details: RefusalDetails): string {
  const { from, matrix, graph } = details.query;
  const nearest = findNeighbours(from, graph.versions);
  return joinClauses(
    `${from} is not listed in ${matrix.id}, so no supported route leads from ${describePair(details.query)}`,
    nearest.length === 0 ? "" : `the nearest listed releases are ${formatList(nearest)}, which are other releases`,
    describeRefusingRows(details),
    `check the installed version; if it is right, ${describeNextStep(details)}`,
  );
}

function createUnknownTargetFault(query: RouteQuery, target: Version, known: NewestKnown | null): RequestFault {
  const { from, graph, matrix } = query;
  const nearest = findNeighbours(target, graph.versions);
  const newest = graph.versions.at(-1)!;
  const age = compareVersions(target, newest) > 0 ? ` and newer than anything in it (up to ${newest})` : "";
  return {
    code: "TARGET_UNKNOWN",
    goals: [target],
    facts: { nearMisses: findCloseVersions(target, graph.versions) },
    formatMessage: (details) =>
      joinClauses(
        `${target} is not listed in ${matrix.id}${age}, so no supported route leads from ${from} to ${target}`,
        `the nearest listed ${nearest.length === 1 ? "release" : "releases"} ${selectIsOrAre(nearest)} ${formatList(nearest)}`,
        details.others.some((other) => other.valid)
          ? describeNextStep(details)
          : isBeyondKnown(query.target, known)
            ? describeNewestKnown(known)
            : "ask for a listed one, or use the matrix of a page that lists it",
      ),
  };
}
