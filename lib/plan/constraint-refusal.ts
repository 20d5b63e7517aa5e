import { compareVersions, type Version } from "../version/version.js";
import { routeTo } from "./choice.js";
import type { Inquiry } from "./question.js";
import { pairOf } from "./refusal-words.js";
import { neighbours } from "./target.js";
import { inWords } from "./wording.js";

/** Why a constraint, and not the rows, leaves no road. */
export interface ConstraintFault {
  code: "VIA_NOT_ON_ROUTE" | "AVOID_LEAVES_NO_ROUTE";
  message: string;
  /** Releases that no road may stop at, for the facts of the refusal. */
  avoid: Version[];
}

/** Tells which constraint is at fault and what it costs; null where there is no road without constraints either. */
export function explainConstraint(inquiry: Inquiry, goals: readonly Version[]): ConstraintFault | null {
  const free = bestRoad({ ...inquiry, via: [], avoid: [] }, goals);
  if (free === null) return null;
  const kept = bestRoad({ ...inquiry, via: [] }, goals);
  return kept === null ? explainAvoid(inquiry, goals, free) : explainVia(inquiry, goals, kept);
}

/** The road to the highest of the goals that has one. */
function bestRoad(inquiry: Inquiry, goals: readonly Version[]): Version[] | null {
  for (const goal of [...goals].reverse()) {
    const road = routeTo(inquiry, goal);
    if (road !== null) return road;
  }
  return null;
}

function explainAvoid(inquiry: Inquiry, goals: readonly Version[], free: Version[]): ConstraintFault {
  const base = { ...inquiry, via: [] };
  const alone = inquiry.avoid.filter(
    (allowed) => bestRoad({ ...base, avoid: inquiry.avoid.filter((version) => version !== allowed) }, goals) !== null,
  );
  const atFault = alone.length > 0 ? alone : inquiry.avoid;
  const isTarget = inquiry.target.exact !== null && inquiry.avoid.includes(inquiry.target.exact);
  const why = isTarget
    ? "the target itself is to be avoided"
    : `without avoid the road is ${inWords(free.slice(1), 12)}`;
  const remedy =
    alone.length > 0 ? `allow ${inWords(alone).replace(/ and (?=\S+$)/, " or ")}` : `allow some of ${inWords(atFault)}`;
  return {
    code: "AVOID_LEAVES_NO_ROUTE",
    message: `Avoiding ${inWords(atFault)} leaves no supported road from ${pairOf(inquiry)} in ${inquiry.matrix.id}: ${why}; ${remedy}${isTarget ? " or choose another target" : ""}.`,
    avoid: inquiry.avoid,
  };
}

function explainVia(inquiry: Inquiry, goals: readonly Version[], road: Version[]): ConstraintFault {
  const { stop, why } = offendingStop(inquiry, goals);
  const rest = road.length === 1 ? "nothing needs to be done" : `the road is ${inWords(road.slice(1), 12)}`;
  return {
    code: "VIA_NOT_ON_ROUTE",
    message: `${stop} (via) is on no supported road from ${pairOf(inquiry)} in ${inquiry.matrix.id}: ${why}; without via ${rest}; leave ${stop} out of via or name another stop.`,
    avoid: [],
  };
}

/** The first stop asked for that cannot be had, and why. */
function offendingStop(inquiry: Inquiry, goals: readonly Version[]): { stop: Version; why: string } {
  const { graph, via } = inquiry;
  const highest = goals.at(-1)!;
  const named = inquiry.target.exact ?? `"${inquiry.target.text}"`;
  const round = inquiry.avoid.length === 0 ? "" : ` round ${inWords(inquiry.avoid)}`;
  let before = inquiry.from;
  for (const stop of via) {
    const place = graph.placeOf(stop);
    if (place < 0) {
      const nearest = inWords(neighbours(stop, graph.versions));
      return { stop, why: `it is not listed there, the nearest listed releases are ${nearest}` };
    }
    if (compareVersions(stop, highest) > 0) return { stop, why: `it is newer than ${highest}` };
    const leg = { ...inquiry, from: before, source: graph.placeOf(before), via: [] };
    if (routeTo(leg, stop) === null) return { stop, why: `no road leads to it from ${before}${round}` };
    const onward = { ...inquiry, from: stop, source: place, via: [] };
    if (bestRoad(onward, goals) === null) return { stop, why: `no road leads on from it to ${named}${round}` };
    before = stop;
  }
  return { stop: via.at(-1)!, why: `the stops ${inWords(via)} do not lie on one road` };
}
