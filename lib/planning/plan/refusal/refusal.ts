import type { Matrix } from "../../matrix/types.js";
import { compareVersions, type Version } from "../../version/version.js";
import { removeBlockedHops, type BlockRule } from "../../rules/blocked.js";
import { chooseRoute, type Choice } from "../search/choice.js";
import { explainConstraint } from "./constraint-refusal.js";
import { getNewestVersion } from "../search/dead-ends.js";
import { createRouteQuery, type RouteQuery, type ParsedRequest } from "../search/route-query.js";
import { findNewestKnown } from "./newest-known.js";
import { findRequestFault } from "./refusal-faults.js";
import { gatherFacts, type RefusalFacts } from "./refusal-facts.js";
import {
  describePair,
  joinClauses,
  describeNextStep,
  describeRefusingRows,
  describeRouteEnds,
  describeReachingVersions,
} from "./refusal-text.js";
import type { AvoidedStop } from "../../rules/rules.js";
import { listGoals } from "../search/target.js";
import type { OtherMatrix, Refusal } from "../types.js";

/** What a refusal needs besides the pinned matrix. */
interface RefusalContext {
  shipped: readonly Matrix[];
  listAvoidedStops(matrix: Matrix): readonly AvoidedStop[];
  isDeadEnd(version: Version, matrix: Matrix): boolean;
  /** Lists advisories that remove hops from a matrix. */
  listBlockRules(matrix: Matrix): readonly BlockRule[];
}

/** Explains why a query has no route in its matrix. Call it only if there is none. */
export function createRefusal(query: RouteQuery, context: RefusalContext): Refusal {
  const others = findOtherMatrices(query, context);
  const fault = findRequestFault(query, findNewestKnown(query.matrix, context.shipped));
  if (fault !== null) {
    const facts = { ...gatherFacts(query, fault.goals, []), ...fault.facts };
    return assembleRefusal(fault.code, fault.formatMessage({ query, facts, others }), facts, others);
  }
  const goals = listGoals(query.target, query.graph.versions).filter((goal) => compareVersions(goal, query.from) >= 0);
  const constraint = explainConstraint(query, goals);
  const facts = gatherFacts(query, goals, constraint?.avoid ?? []);
  if (constraint !== null) return assembleRefusal(constraint.code, constraint.message, facts, others);
  const details = { query, facts, others };
  const message = joinClauses(
    `No supported route leads from ${describePair(query)} in ${query.matrix.id}`,
    describeRouteEnds(details),
    describeRefusingRows(details),
    describeReachingVersions(details),
    describeNextStep(details),
  );
  return assembleRefusal("NO_ROUTE", message, facts, others);
}

function assembleRefusal(code: string, message: string, facts: RefusalFacts, others: OtherMatrix[]): Refusal {
  return { code, message, ...facts, otherMatrices: others };
}

/** Finds other shipped matrices with a route for the same request: those valid here first, then by newest version. */
function findOtherMatrices(query: RouteQuery, context: RefusalContext): OtherMatrix[] {
  const { matrix } = query;
  const found: { other: OtherMatrix; newest: Version }[] = [];
  for (const shipped of context.shipped) {
    if (shipped.id === matrix.id || shipped.sha256 === matrix.sha256) continue;
    const choice = chooseRouteIn(query, shipped, context);
    if (choice === null || choice.route.length < 2) continue;
    const valid = shipped.edition === matrix.edition && shipped.method === matrix.method;
    found.push({ other: { id: shipped.id, valid, route: choice.route.slice(1) }, newest: getNewestVersion(shipped)! });
  }
  return found
    .sort((a, b) => Number(b.other.valid) - Number(a.other.valid) || compareVersions(a.newest, b.newest))
    .map(({ other }) => other);
}

function chooseRouteIn(request: ParsedRequest, matrix: Matrix, context: RefusalContext): Choice | null {
  const query = createRouteQuery(
    request,
    removeBlockedHops(matrix, context.listBlockRules(matrix)),
    context.listAvoidedStops(matrix),
  );
  return chooseRoute(query, (version) => context.isDeadEnd(version, matrix));
}
