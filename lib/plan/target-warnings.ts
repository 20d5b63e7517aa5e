import type { Matrix } from "../matrix/types.js";
import { minorOf, type Version } from "../version/version.js";
import type { Choice } from "./choice.js";
import { isDeadEnd, newestListed } from "./dead-ends.js";
import type { Inquiry } from "./question.js";
import type { Warning } from "./types.js";
import { inWords } from "./wording.js";

/** DEAD_END for an exact target from which nothing leads on, STRANDED for a series or range without a better release. */
export function targetWarnings(inquiry: Inquiry, { goal, stranded }: Choice, judges: readonly Matrix[]): Warning[] {
  const dead = judges.filter((matrix) => isDeadEnd(goal, matrix));
  if (inquiry.target.exact === null) return stranded ? [strandedAt(inquiry, goal, dead)] : [];
  if (dead.length === 0) return [];
  const message = `${goal} is a dead end in ${inWords(dead.map((matrix) => matrix.id))}: ${whyDead(goal, dead)}. ${alternative(inquiry, goal, judges)}`;
  return [{ code: "DEAD_END", message }];
}

function strandedAt({ target, from }: Inquiry, goal: Version, dead: readonly Matrix[]): Warning {
  const place = goal === from ? "the installed version, is" : "is";
  const lead = `No release that fits "${target.text}" and is within reach from ${from} leads on to a later minor`;
  const message = `${lead}; ${goal}, ${place} the highest within reach and a dead end in ${inWords(dead.map((matrix) => matrix.id))}: ${whyDead(goal, dead)}.`;
  return { code: "STRANDED", message: message.replace(`${goal}, is`, `${goal} is`) };
}

function whyDead(goal: Version, dead: readonly Matrix[]): string {
  const reasons = dead.map((matrix) => {
    const newest = newestListed(matrix);
    const listed = newest !== undefined && matrix.rows.some((row) => row.from === goal || row.to === goal);
    if (!listed) return `${matrix.id} does not list it`;
    return `from it neither a later minor nor ${newest} can be reached`;
  });
  return [...new Set(reasons)].join("; ");
}

/** Another release to make for: in the target's own minor where there is one, else the highest anywhere. */
function alternative({ graph, source, avoid, from }: Inquiry, goal: Version, judges: readonly Matrix[]): string {
  const better = graph.versions.filter(
    (version, place) =>
      source >= 0 &&
      version !== goal &&
      !avoid.includes(version) &&
      graph.reaches(source, place) &&
      judges.every((matrix) => !isDeadEnd(version, matrix)),
  );
  const best = better.findLast((version) => minorOf(version) === minorOf(goal)) ?? better.at(-1);
  if (best === undefined)
    return `No version within reach from ${from} leads on; ask the vendor's support before going there.`;
  if (best === from) return `The installed version, ${from}, is the highest within reach that leads on.`;
  return `${best} leads on and is within reach instead.`;
}
