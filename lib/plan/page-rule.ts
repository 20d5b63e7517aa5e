import { compareVersions, majorOf, minorOf, type Version } from "../version/version.js";
import type { Inquiry } from "./question.js";
import type { Warning } from "./types.js";

/**
 * One notice for each hop of the road that leaves a minor (or a first number) from another release than the page's own rule
 * asks for, its latest patch: what the rule asks, why the road does not do so, and what it does instead.
 */
export function pageRuleNotices(inquiry: Inquiry, route: readonly Version[]): Warning[] {
  return route.slice(1).flatMap((to, turn) => {
    const from = route[turn]!;
    const isMajor = majorOf(from) !== majorOf(to);
    if (!isMajor && minorOf(from) === minorOf(to)) return [];
    const peers = inquiry.graph.versions.filter((version) =>
      isMajor ? majorOf(version) === majorOf(from) : minorOf(version) === minorOf(from),
    );
    const asked = peers.at(-1)!;
    if (asked === from) return [];
    const rule = isMajor
      ? `The page says a major upgrade starts from the latest patch of the latest minor (${asked})`
      : `The page says latest patch first (${asked})`;
    const goal = nextFixedStop(inquiry, route, turn + 1);
    const clauses = [rule, whyNot(inquiry, from, asked, goal), whatInstead(inquiry, from, to, peers, goal)];
    return [{ code: "PAGE_RULE", message: `${clauses.filter((clause) => clause !== "").join("; ")}.` }];
  });
}

/** The first stop from `turn` on that the road has to make: one asked for, the source of a major hop, or the target. */
function nextFixedStop({ via }: Inquiry, route: readonly Version[], turn: number): Version {
  const isFixed = (stop: Version, at: number): boolean => {
    const next = route[at + 1];
    return via.includes(stop) || next === undefined || majorOf(next) !== majorOf(stop);
  };
  return route.find((stop, at) => at >= turn && isFixed(stop, at))!;
}

/** Why the road does not leave from `asked`; empty where only the strategy chose so. */
function whyNot(inquiry: Inquiry, from: Version, asked: Version, goal: Version): string {
  const { graph, avoid, advised } = inquiry;
  const [place, end, start] = [graph.placeOf(asked), graph.placeOf(goal), graph.placeOf(from)];
  if (avoid.includes(asked)) return `${asked} is left out as asked (avoid)`;
  const onward = graph.ahead[place]!;
  if (onward.length === 0) return `no row leads on from ${asked}`;
  if (!graph.reaches(place, end)) return `no road leads on from ${asked} to ${goal}`;
  if (!graph.reaches(start, place)) return `no row leads from ${from} to ${asked}`;
  const advisory = advised.get(place);
  if (advisory !== undefined) return `${asked} is a stop to avoid (${advisory.id})`;
  return "";
}

function whatInstead(inquiry: Inquiry, from: Version, to: Version, peers: readonly Version[], goal: Version): string {
  const { graph, strategy } = inquiry;
  const later = peers.filter((peer) => compareVersions(peer, from) > 0).map(graph.placeOf);
  const [start, end, next] = [graph.placeOf(from), graph.placeOf(goal), graph.placeOf(to)];
  const usable = later.filter(
    (place) => graph.reaches(start, place) && graph.reaches(place, end) && open(inquiry, place),
  );
  if (usable.length > 0 && strategy === "fewest-hops") {
    return `fewest-hops goes from ${from} straight to ${to}, not by way of ${graph.versions[usable.at(-1)!]!}`;
  }
  const onlyHere = !later.some((place) => graph.ahead[place]!.includes(next));
  return `${from} is the newest ${onlyHere ? "" : "within reach "}with a row to ${to}`;
}

function open({ graph, avoid, advised }: Inquiry, place: number): boolean {
  return !advised.has(place) && !avoid.includes(graph.versions[place]!);
}
