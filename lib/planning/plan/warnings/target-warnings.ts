import type { Matrix } from "../../matrix/types.js";
import { compareVersions, getMinor, type Version } from "../../version/version.js";
import { type Choice, findRouteTo } from "../search/choice.js";
import { isDeadEnd, getNewestVersion } from "../search/dead-ends.js";
import type { RouteQuery } from "../search/route-query.js";
import { listGoals } from "../search/target.js";
import type { Warning } from "../types.js";
import { formatList } from "../refusal/list-text.js";

/**
 * Lists DEAD_END for an exact target with no onward route, and for the releases of a series or range that were passed
 * over as dead ends; STRANDED for a series or range without a better release.
 */
export function listTargetWarnings(
  query: RouteQuery,
  { goal, stranded }: Choice,
  judges: readonly Matrix[],
): Warning[] {
  const dead = judges.filter((matrix) => isDeadEnd(goal, matrix));
  if (query.target.exact === null)
    return stranded ? [createStrandedWarning(query, goal, dead)] : listPassedOver(query, goal, judges);
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

/** Names the releases above the chosen one that fit and are within reach, and explains the highest of them. */
function listPassedOver(query: RouteQuery, goal: Version, judges: readonly Matrix[]): Warning[] {
  const { target, graph, from } = query;
  const passedOver = listGoals(target, graph.versions).filter(
    (version) => compareVersions(version, goal) > 0 && findRouteTo(query, version) !== null,
  );
  const highest = passedOver.pop();
  if (highest === undefined) return [];
  const dead = judges.filter((matrix) => isDeadEnd(highest, matrix));
  const chosen = goal === from ? `${goal}, the installed version,` : goal;
  const others = passedOver.length === 0 ? "" : ` The same holds for ${formatList(passedOver)}.`;
  const message =
    `${highest} fits "${target.text}" too, but is a dead end in ${formatList(dead.map((matrix) => matrix.id))}: ${explainDeadEnd(highest, dead)}.${others} ` +
    `${chosen} is the highest within reach that leads on.`;
  return [{ code: "DEAD_END", message }];
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
