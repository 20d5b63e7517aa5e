import type { Version } from "../../version/version.js";
import { findRouteTo } from "../search/choice.js";
import type { RouteQuery } from "../search/route-query.js";
import type { Warning } from "../types.js";
import { formatList } from "../refusal/list-text.js";

/**
 * Lists the effects of advisories of severity `avoid` on the route: AVOIDED_STOP for each such stop it still makes (the
 * target, a requested stop, or one that no route avoids), STEERED for each one that it avoids because of them.
 */
export function listSteeringWarnings(query: RouteQuery, route: readonly Version[]): Warning[] {
  const { graph, advised } = query;
  if (advised.size === 0) return [];
  const stopped = route.slice(1).flatMap((stop) => {
    const advisory = advised.get(graph.nodeOf(stop));
    if (advisory === undefined) return [];
    const message = `${stop} is a version to avoid (${advisory.id}): ${endSentence(advisory.summary)} ${explainStop(query, stop, route)}`;
    return [{ code: "AVOIDED_STOP", message }];
  });
  const plain = findRouteTo({ ...query, advised: new Map() }, route.at(-1)!) ?? [];
  const roundabout = plain.flatMap((stop) => {
    const advisory = advised.get(graph.nodeOf(stop));
    if (advisory === undefined || route.includes(stop)) return [];
    const message = `The route goes round ${stop} (${advisory.id}): ${endSentence(advisory.summary)} Without that advisory it would be ${formatList(plain.slice(1), 12)}.`;
    return [{ code: "STEERED", message }];
  });
  return [...stopped, ...roundabout];
}

function explainStop({ via, matrix }: RouteQuery, stop: Version, route: readonly Version[]): string {
  if (stop === route.at(-1)) return "It is the target, so the route ends there.";
  if (via.includes(stop)) return "It was asked for as a stop (via).";
  return `No route from ${route[0]!} to ${route.at(-1)!} in ${matrix.id} makes fewer such stops.`;
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
