import type { Version } from "../version/version.js";
import type { Inquiry } from "./question.js";
import { routeThrough } from "./routes.js";
import { goalsOf } from "./target.js";

/** The release the target comes to, and the road there: all its versions, the source first. */
export interface Choice {
  goal: Version;
  route: Version[];
  /** True for a series or range of which no release within reach leads on. */
  stranded: boolean;
}

/**
 * Picks the release and the road under all constraints of the inquiry.
 *
 * An exact target is itself. A series or range takes the highest fitting release within reach, the installed one included,
 * that is no dead end; where all are, the highest within reach.
 *
 * @returns null where no release the target takes can be reached so.
 */
export function choose(inquiry: Inquiry, isDeadEnd: (version: Version) => boolean): Choice | null {
  const choices = goalsOf(inquiry.target, inquiry.graph.versions)
    .reverse()
    .map((goal) => ({ goal, route: routeTo(inquiry, goal) }))
    .filter((choice): choice is { goal: Version; route: Version[] } => choice.route !== null);
  const highest = choices[0];
  if (highest === undefined) return null;
  if (inquiry.target.exact !== null) return { ...highest, stranded: false };
  const leadingOn = choices.find((choice) => !isDeadEnd(choice.goal));
  return leadingOn === undefined ? { ...highest, stranded: true } : { ...leadingOn, stranded: false };
}

/** The road to one release under the constraints of the inquiry; null where there is none. */
export function routeTo(inquiry: Inquiry, goal: Version): Version[] | null {
  const { graph, source, from, via, avoid, advised } = inquiry;
  const place = graph.placeOf(goal);
  const stops = [source, ...via.filter((stop) => stop !== goal).map(graph.placeOf), place];
  if (stops.includes(-1) || stops.some((stop, turn) => turn > 0 && stop < stops[turn - 1]!)) return null;
  if (goal !== from && avoid.includes(goal)) return null;
  const route = routeThrough(graph, stops, {
    strategy: inquiry.strategy,
    walkMinors: inquiry.walkMinors,
    avoid: new Set(avoid.map(graph.placeOf)),
    shun: new Set(advised.keys()),
  });
  return route === null ? null : route.map((stop) => graph.versions[stop]!);
}
