import type { Version } from "../version/version.js";
import { routeTo } from "./choice.js";
import type { Inquiry } from "./question.js";
import type { Warning } from "./types.js";
import { inWords } from "./wording.js";

/**
 * What advisories of severity `avoid` did to the road: AVOIDED_STOP for each stop that the road makes all the same (the
 * target, a stop asked for, or one that no road goes round), STEERED for each one that it goes round because of them.
 */
export function steeringWarnings(inquiry: Inquiry, route: readonly Version[]): Warning[] {
  const { graph, advised } = inquiry;
  if (advised.size === 0) return [];
  const stopped = route.slice(1).flatMap((stop) => {
    const advisory = advised.get(graph.placeOf(stop));
    if (advisory === undefined) return [];
    const message = `${stop} is a version to avoid (${advisory.id}): ${endSentence(advisory.summary)} ${whyStop(inquiry, stop, route)}`;
    return [{ code: "AVOIDED_STOP", message }];
  });
  const plain = routeTo({ ...inquiry, advised: new Map() }, route.at(-1)!) ?? [];
  const roundabout = plain.flatMap((stop) => {
    const advisory = advised.get(graph.placeOf(stop));
    if (advisory === undefined || route.includes(stop)) return [];
    const message = `The road goes round ${stop} (${advisory.id}): ${endSentence(advisory.summary)} Without that advisory it would be ${inWords(plain.slice(1), 12)}.`;
    return [{ code: "STEERED", message }];
  });
  return [...stopped, ...roundabout];
}

function whyStop({ via, matrix }: Inquiry, stop: Version, route: readonly Version[]): string {
  if (stop === route.at(-1)) return "It is the target, so the road ends there.";
  if (via.includes(stop)) return "It was asked for as a stop (via).";
  return `No road from ${route[0]!} to ${route.at(-1)!} in ${matrix.id} makes fewer such stops.`;
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
