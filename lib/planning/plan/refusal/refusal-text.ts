import { getBlockingAdvisory } from "../../rules/blocked.js";
import type { RouteQuery } from "../search/route-query.js";
import type { RefusalFacts } from "./refusal-facts.js";
import type { OtherMatrix } from "../types.js";
import { selectIsOrAre, formatList, describeRow } from "./list-text.js";

/** The data from which the message of a refusal is composed. */
export interface RefusalDetails {
  query: RouteQuery;
  facts: RefusalFacts;
  others: readonly OtherMatrix[];
}

/** Describes source and target: `4.6.43 to 4.7.20`. */
export function describePair({ from, target }: RouteQuery): string {
  return `${from} to ${target.exact ?? `a release that fits "${target.text}"`}`;
}

/** Describes where the routes end, as a clause. */
export function describeRouteEnds({ query: { from, target, graph }, facts: { frontier } }: RefusalDetails): string {
  if (!frontier.includes(from)) {
    return frontier.length === 1 ? `every route ends at ${frontier[0]!}` : `the routes end at ${formatList(frontier)}`;
  }
  const rows = graph.successors[graph.nodeOf(from)] ?? [];
  const goal = target.exact ?? `every release that fits "${target.text}"`;
  return rows.length === 0 ? `no row leads on from ${from}` : `every row from ${from} leads past ${goal}`;
}

/** Describes which versions reach the target, as a clause. */
export function describeReachingVersions({ query, facts }: RefusalDetails): string {
  const goal = query.target.exact ?? `a release that fits "${query.target.text}"`;
  const { nearest, nearMisses } = facts;
  if (nearest.length === 0) return `no row leads to ${goal}`;
  const known = `the nearest ${nearest.length === 1 ? "version that does reach" : "versions that do reach"} ${goal} ${selectIsOrAre(nearest)} ${formatList(nearest)}`;
  if (nearMisses.length === 0) return known;
  return `${known} (${formatList(nearMisses)} ${selectIsOrAre(nearMisses)} close, but another release)`;
}

/** Describes the rows that refuse, as a clause; empty if there are none. */
export function describeRefusingRows({ query, facts: { refusedBy } }: RefusalDetails): string {
  const refused = refusedBy.filter((row) => row.mark === "unsupported" && getBlockingAdvisory(row) === undefined);
  const conditional = refusedBy.filter((row) => row.mark === "conditional");
  const blocked = (query.blocked ?? []).flatMap(({ id, text }) => {
    const rows = refusedBy.filter((row) => getBlockingAdvisory(row) === id).map(({ from, to }) => `${from} -> ${to}`);
    return rows.length === 0 ? [] : `advisory ${id} blocks ${formatList(rows, 3)} (${text.replace(/\.$/, "")})`;
  });
  return [
    ...blocked,
    refused.length > 0 ? `the page refuses ${formatList(refused.map(describeRow), 3)}` : "",
    conditional.length > 0
      ? `the page supports ${formatList(conditional.map(describeRow), 3)} on a condition only`
      : "",
  ]
    .filter((clause) => clause !== "")
    .join("; ");
}

/** Describes what to do next, as the last clause. */
export function describeNextStep({ query, facts, others }: RefusalDetails): string {
  const valid = others.filter((other) => other.valid);
  const support = "ask the vendor's support for a supported way";
  if (valid.length > 0) {
    const named = formatList(
      valid.map(({ id, route }) => `${id} (${formatList(route)})`),
      3,
    );
    return `another page version has a route, pin its matrix after reading its notes: ${named}`;
  }
  if (facts.highestReachable !== null)
    return `${support}, or plan for ${facts.highestReachable}, the highest within reach`;
  return `${support} from ${query.from}`;
}

/** Joins clauses into one sentence; empty ones are left out. */
export function joinClauses(lead: string, ...clauses: string[]): string {
  const said = clauses.filter((clause) => clause !== "");
  return `${lead}${said.length === 0 ? "" : `: ${said.join("; ")}`}.`;
}
