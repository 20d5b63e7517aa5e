import type { Matrix } from "../matrix/types.js";
import { compareVersions, type Version } from "../version/version.js";
import { withoutBlocked, type BlockRule } from "./blocked.js";
import { choose, type Choice } from "./choice.js";
import { explainConstraint } from "./constraint-refusal.js";
import { newestListed } from "./dead-ends.js";
import { inquire, type Inquiry, type Question } from "./question.js";
import { faultOf } from "./refusal-faults.js";
import { gatherFacts, type RefusalFacts } from "./refusal-facts.js";
import { pairOf, sentence, whatNext, whatRefuses, whereRoadsEnd, whoGetsThere } from "./refusal-words.js";
import type { AvoidedStop } from "./rules.js";
import { goalsOf } from "./target.js";
import type { OtherMatrix, Refusal } from "./types.js";

/** What a refusal looks at besides the pinned matrix. */
export interface Surroundings {
  shipped: readonly Matrix[];
  avoidedStops(matrix: Matrix): readonly AvoidedStop[];
  isDeadEnd(version: Version, matrix: Matrix): boolean;
  /** Advisories that take hops out of a matrix. */
  rules(matrix: Matrix): readonly BlockRule[];
}

/** Explains why a question has no road in its matrix. Call it only for such. */
export function refuse(inquiry: Inquiry, around: Surroundings): Refusal {
  const others = otherMatrices(inquiry, around);
  const fault = faultOf(inquiry);
  if (fault !== null) {
    const facts = { ...gatherFacts(inquiry, fault.goals, []), ...fault.facts };
    return assemble(fault.code, fault.message({ inquiry, facts, others }), facts, others);
  }
  const goals = goalsOf(inquiry.target, inquiry.graph.versions).filter(
    (goal) => compareVersions(goal, inquiry.from) >= 0,
  );
  const constraint = explainConstraint(inquiry, goals);
  const facts = gatherFacts(inquiry, goals, constraint?.avoid ?? []);
  if (constraint !== null) return assemble(constraint.code, constraint.message, facts, others);
  const story = { inquiry, facts, others };
  const message = sentence(
    `No supported road leads from ${pairOf(inquiry)} in ${inquiry.matrix.id}`,
    whereRoadsEnd(story),
    whatRefuses(story),
    whoGetsThere(story),
    whatNext(story),
  );
  return assemble("NO_ROUTE", message, facts, others);
}

function assemble(code: string, message: string, facts: RefusalFacts, others: OtherMatrix[]): Refusal {
  return { code, message, ...facts, otherMatrices: others };
}

/** Other shipped matrices in which the same question has an answer: those valid here first, then by newest version. */
function otherMatrices(inquiry: Inquiry, around: Surroundings): OtherMatrix[] {
  const { matrix } = inquiry;
  const found: { other: OtherMatrix; newest: Version }[] = [];
  for (const shipped of around.shipped) {
    if (shipped.id === matrix.id || shipped.sha256 === matrix.sha256) continue;
    const choice = answer(inquiry, shipped, around);
    if (choice === null || choice.route.length < 2) continue;
    const valid = shipped.edition === matrix.edition && shipped.method === matrix.method;
    found.push({ other: { id: shipped.id, valid, route: choice.route.slice(1) }, newest: newestListed(shipped)! });
  }
  return found
    .sort((a, b) => Number(b.other.valid) - Number(a.other.valid) || compareVersions(a.newest, b.newest))
    .map(({ other }) => other);
}

function answer(question: Question, matrix: Matrix, around: Surroundings): Choice | null {
  const inquiry = inquire(question, withoutBlocked(matrix, around.rules(matrix)), around.avoidedStops(matrix));
  return choose(inquiry, (version) => around.isDeadEnd(version, matrix));
}
