import type { Matrix } from "../../matrix/types.js";
import { getMinor, type Version } from "../../version/version.js";
import type { Choice } from "../search/choice.js";
import { isDeadEnd, getNewestVersion } from "../search/dead-ends.js";
import type { RouteQuery } from "../search/route-query.js";
import type { Warning } from "../types.js";
import { formatList } from "../refusal/list-text.js";

/** Lists DEAD_END for an exact target with no onward route, STRANDED for a series or range without a better release. */
export function listTargetWarnings(
  query: RouteQuery,
  { goal, stranded }: Choice,
  judges: readonly Matrix[],
): Warning[] {
  const dead = judges.filter((matrix) => isDeadEnd(goal, matrix));
  if (query.target.exact === null) return stranded ? [createStrandedWarning(query, goal, dead)] : [];
  if (dead.length === 0) return [];
  const message = `${goal} is a dead end in ${formatList(dead.map((matrix) => matrix.id))}: ${explainDeadEnd(goal, dead)}. ${describeAlternative(query, goal, judges)}`;
  return [{ code: "DEAD_END", message }];
}

function createStrandedWarning({ target, from }: RouteQuery, goal: Version, dead: readonly Matrix[]): Warning {
  const place = goal === from ? "the installed version, is" : "is";
  const lead = `No release that fits "${target.text}" and is within reach from ${from} leads on to a later minor`;
  const message = `${lead}; ${goal}, ${place} the highest within reach and a dead end in ${formatList(dead.map((matrix) => matrix.id))}: ${explainDeadEnd(goal, dead)}.`;
  return { code: "STRANDED", message: message.replace(`${goal}, is`, `${goal} is`) };
}

function explainDeadEnd(goal: Version, dead: readonly Matrix[]): string {
  const reasons = dead.map((matrix) => {
    const newest = getNewestVersion(matrix);
    const listed = newest !== undefined && matrix.rows.some((row) => row.from === goal || row.to === goal);
    if (!listed) return `${matrix.id} does not list it`;
    return `from it neither a later minor nor ${newest} can be reached`;
  });
  return [...new Set(reasons)].join("; ");
}

/** Describes another release to choose: in the target's own minor if there is one, else the highest anywhere. */
function describeAlternative(
  { graph, source, avoid, from }: RouteQuery,
  goal: Version,
  judges: readonly Matrix[],
): string {
  const better = graph.versions.filter(
    (version, place) =>
      source >= 0 &&
      version !== goal &&
      !avoid.includes(version) &&
      graph.reaches(source, place) &&
      judges.every((matrix) => !isDeadEnd(version, matrix)),
  );
  const best = better.findLast((version) => getMinor(version) === getMinor(goal)) ?? better.at(-1);
  if (best === undefined)
    return `No version within reach from ${from} leads on; ask the vendor's support before going there.`;
  if (best === from) return `The installed version, ${from}, is the highest within reach that leads on.`;
  return `${best} leads on and is within reach instead.`;
}
