import { blockerOf } from "./blocked.js";
import type { Inquiry } from "./question.js";
import type { RefusalFacts } from "./refusal-facts.js";
import type { OtherMatrix } from "./types.js";
import { areOrIs, inWords, nameRow } from "./wording.js";

/** All that the message of a refusal may draw on. */
export interface RefusalStory {
  inquiry: Inquiry;
  facts: RefusalFacts;
  others: readonly OtherMatrix[];
}

/** `4.6.43 to 4.7.20`. */
export function pairOf({ from, target }: Inquiry): string {
  return `${from} to ${target.exact ?? `a release that fits "${target.text}"`}`;
}

/** Where the roads end, as a clause. */
export function whereRoadsEnd({ inquiry: { from, target, graph }, facts: { frontier } }: RefusalStory): string {
  if (!frontier.includes(from)) {
    return frontier.length === 1 ? `every road ends at ${frontier[0]!}` : `the roads end at ${inWords(frontier)}`;
  }
  const rows = graph.ahead[graph.placeOf(from)] ?? [];
  const goal = target.exact ?? `every release that fits "${target.text}"`;
  return rows.length === 0 ? `no row leads on from ${from}` : `every row from ${from} leads past ${goal}`;
}

/** Which versions get there, as a clause. */
export function whoGetsThere({ inquiry, facts }: RefusalStory): string {
  const goal = inquiry.target.exact ?? `a release that fits "${inquiry.target.text}"`;
  const { nearest, nearMisses } = facts;
  if (nearest.length === 0) return `no row leads to ${goal}`;
  const known = `the nearest ${nearest.length === 1 ? "version that does reach" : "versions that do reach"} ${goal} ${areOrIs(nearest)} ${inWords(nearest)}`;
  if (nearMisses.length === 0) return known;
  return `${known} (${inWords(nearMisses)} ${areOrIs(nearMisses)} close, but another release)`;
}

/** Rows of the page that refuse, as a clause; empty where there are none. */
export function whatRefuses({ inquiry, facts: { refusedBy } }: RefusalStory): string {
  const refused = refusedBy.filter((row) => row.mark === "unsupported" && blockerOf(row) === undefined);
  const conditional = refusedBy.filter((row) => row.mark === "conditional");
  const blocked = (inquiry.blocked ?? []).flatMap(({ id, text }) => {
    const rows = refusedBy.filter((row) => blockerOf(row) === id).map(({ from, to }) => `${from} -> ${to}`);
    return rows.length === 0 ? [] : `advisory ${id} blocks ${inWords(rows, 3)} (${text.replace(/\.$/, "")})`;
  });
  return [
    ...blocked,
    refused.length > 0 ? `the page refuses ${inWords(refused.map(nameRow), 3)}` : "",
    conditional.length > 0 ? `the page supports ${inWords(conditional.map(nameRow), 3)} on a condition only` : "",
  ]
    .filter((clause) => clause !== "")
    .join("; ");
}

/** What to do, as the last clause. */
export function whatNext({ inquiry, facts, others }: RefusalStory): string {
  const valid = others.filter((other) => other.valid);
  const support = "ask the vendor's support for a supported way";
  if (valid.length > 0) {
    const named = inWords(
      valid.map(({ id, route }) => `${id} (${inWords(route)})`),
      3,
    );
    return `another page version has a road, pin its matrix after reading its notes: ${named}`;
  }
  if (facts.highestReachable !== null)
    return `${support}, or plan for ${facts.highestReachable}, the highest within reach`;
  return `${support} from ${inquiry.from}`;
}

/** One sentence of clauses, empty ones left out. */
export function sentence(lead: string, ...clauses: string[]): string {
  const said = clauses.filter((clause) => clause !== "");
  return `${lead}${said.length === 0 ? "" : `: ${said.join("; ")}`}.`;
}
