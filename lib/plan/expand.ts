import type { GateName } from "../gates/types.js";
import type { Edition, Method } from "../matrix/types.js";
import { changeOf, compareVersions, minorOf, sortVersions, type Version } from "../version/version.js";
import { describeUnknown, matchesEdge, matchFacts } from "./edge-pattern.js";
import { fillIn } from "./fill-in.js";
import { rulesOf } from "./rules.js";
import type { RuleRow } from "./rules-types.js";
import type { Hop, PlannedAct, PlannedAdvisory, PlannedGate, SiteFacts } from "./types.js";

/** Which installation a hop is expanded for. */
export interface ExpandContext {
  edition: Edition;
  method: Method;
  facts: SiteFacts;
}

/** A hop with all that guards it. `matrixVersions` are the releases the matrix lists: they tell which minors are skipped. */
export function expandHop(from: Version, to: Version, context: ExpandContext & { matrixVersions: Version[] }): Hop {
  return {
    from,
    to,
    change: changeOf(from, to),
    skips: skippedMinors(from, to, context.matrixVersions),
    gates: gatesFor(from, to, context),
    acts: actsFor(from, to, context),
    advisories: advisoriesFor(from, to, context),
  };
}

/**
 * The gates of a hop, those before it first, each in the order of data/gates.json. Several rows for one gate and moment are
 * one gate, mandatory if any of them is. `from` = `to` stands for a site where no release is to move.
 */
export function gatesFor(from: Version, to: Version, context: ExpandContext): PlannedGate[] {
  const planned = new Map<string, PlannedGate>();
  for (const { row, onlyIf } of rowsFor(rulesOf("gates"), from, to, context)) {
    const key = `${row.when} ${row.gate}`;
    const because = onlyIf + row.because;
    const known = planned.get(key);
    if (known === undefined) {
      planned.set(key, { name: row.gate, when: row.when, mandatory: row.mandatory, because });
    } else {
      known.mandatory ||= row.mandatory;
      known.because = `${known.because} ${because}`;
    }
  }
  return beforeFirst([...planned.values()]);
}

/** The gate as this hop needs it, or null where the hop does not need it. */
export function gateFor(
  name: GateName,
  when: "before" | "after",
  from: Version,
  to: Version,
  context: ExpandContext,
): PlannedGate | null {
  return gatesFor(from, to, context).find((gate) => gate.name === name && gate.when === when) ?? null;
}

/** What a person does or accepts for a hop, what comes before it first. */
export function actsFor(from: Version, to: Version, context: ExpandContext): PlannedAct[] {
  const acts = rowsFor(rulesOf("acts"), from, to, context).map(({ row, onlyIf }) => ({
    name: row.name,
    when: row.when,
    text: onlyIf + fillIn(row.text, from, to, context),
    irreversible: row.irreversible,
  }));
  return beforeFirst(acts);
}

/** What is known about crossing this edge, gravest first. */
export function advisoriesFor(from: Version, to: Version, context: ExpandContext): PlannedAdvisory[] {
  const gravity = { block: 0, avoid: 1, warning: 2, info: 3 };
  return rowsFor(rulesOf("advisories"), from, to, context)
    .map(({ row, onlyIf }) => ({
      id: row.id,
      severity: row.severity,
      summary: `${onlyIf}${fillIn(row.summary, from, to, context)} ${row.action}`,
      source: row.source,
    }))
    .sort((a, b) => gravity[a.severity] - gravity[b.severity]);
}

/** Minors listed in the matrix that lie strictly between those of `from` and `to`, in order. */
export function skippedMinors(from: Version, to: Version, matrixVersions: Version[]): string[] {
  const low = `${minorOf(from)}.0`;
  const high = `${minorOf(to)}.0`;
  const minors = sortVersions(matrixVersions.map((version) => `${minorOf(version)}.0`));
  return minors
    .filter((minor) => compareVersions(minor, low) > 0 && compareVersions(minor, high) < 0)
    .map((minor) => minorOf(minor));
}

/** Rows that apply, each with the words for what is not known of the site (`If there are …: `). */
function rowsFor<R extends RuleRow>(
  rows: readonly R[],
  from: Version,
  to: Version,
  { edition, method, facts }: ExpandContext,
): { row: R; onlyIf: string }[] {
  return rows
    .filter((row) => row.editions.includes(edition) && row.methods.includes(method))
    .filter((row) => matchesEdge(row.edge, from, to) && matchFacts(row.facts, facts) !== "no")
    .map((row) => {
      const unknown = describeUnknown(row.facts, facts);
      return { row, onlyIf: unknown === "" ? "" : `If ${unknown}: ` };
    });
}

function beforeFirst<T extends { when: "before" | "after" }>(items: T[]): T[] {
  return [...items.filter((item) => item.when === "before"), ...items.filter((item) => item.when === "after")];
}
