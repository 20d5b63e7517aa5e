import { type Edition, type Method } from "../matrix/types.js";
import { type SiteFacts } from "../rules/site-facts.js";
import { classifyChange, compareVersions, getMinor, sortVersions, type Version } from "../version/version.js";
import { describeUnknownFacts, matchFacts } from "../rules/edge-pattern.js";
import { linkSource } from "../rules/citation.js";
import { matchesHop } from "../rules/hop-match.js";
import { fillPlaceholders } from "./fill-in.js";
import { type GateName, type RuleRow } from "../rules/types.js";
import { loadRules } from "../rules/rules.js";
import { type Hop, type PlannedAct, type PlannedAdvisory, type PlannedGate } from "./types.js";

/** The installation for which a hop is expanded. */
export interface ExpandContext {
  edition: Edition;
  method: Method;
  facts: SiteFacts;
}

/** Expands a hop with its gates, acts and advisories. `matrixVersions`, the listed releases, show skipped minors. */
export function expandHop(from: Version, to: Version, context: ExpandContext & { matrixVersions: Version[] }): Hop {
  return {
    from,
    to,
    change: classifyChange(from, to),
    skips: listSkippedMinors(from, to, context.matrixVersions),
    gates: listGates(from, to, context),
    acts: listActs(from, to, context),
    advisories: listAdvisories(from, to, context),
  };
}

/**
 * Lists the gates of a hop, those before it first, each in the order of data/gates.json. Several rows for one gate and
 * moment are merged; the gate is mandatory if any of them is. `from` = `to` means a site where no release moves.
 */
export function listGates(from: Version, to: Version, context: ExpandContext): PlannedGate[] {
  const planned = new Map<string, PlannedGate>();
  for (const { row, onlyIf } of selectApplicableRows(loadRules("gates"), from, to, context)) {
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
  return sortBeforeFirst([...planned.values()]);
}

/** Finds one gate of a hop; null if the hop does not need it. */
export function findGate(
  name: GateName,
  when: "before" | "after",
  from: Version,
  to: Version,
  context: ExpandContext,
): PlannedGate | null {
  return listGates(from, to, context).find((gate) => gate.name === name && gate.when === when) ?? null;
}

/** Lists what a person does or accepts for a hop, acts before the hop first. */
export function listActs(from: Version, to: Version, context: ExpandContext): PlannedAct[] {
  const acts = selectApplicableRows(loadRules("acts"), from, to, context).map(({ row, onlyIf }) => ({
    name: row.name,
    when: row.when,
    text: onlyIf + fillPlaceholders(row.text, from, to, context),
    irreversible: row.irreversible,
  }));
  return sortBeforeFirst(acts);
}

/** Lists the advisories about a hop, most severe first. */
export function listAdvisories(from: Version, to: Version, context: ExpandContext): PlannedAdvisory[] {
  const gravity = { block: 0, avoid: 1, warning: 2, info: 3 };
  return selectApplicableRows(loadRules("advisories"), from, to, context)
    .map(({ row, onlyIf }) => ({
      id: row.id,
      severity: row.severity,
      summary: `${onlyIf}${fillPlaceholders(row.summary, from, to, context)} ${row.action}`,
      source: { ...row.source, link: linkSource(row.source) },
    }))
    .sort((a, b) => gravity[a.severity] - gravity[b.severity]);
}

/** Lists the minors of the matrix strictly between those of `from` and `to`, in order. */
export function listSkippedMinors(from: Version, to: Version, matrixVersions: Version[]): string[] {
  const low = `${getMinor(from)}.0`;
  const high = `${getMinor(to)}.0`;
  const minors = sortVersions(matrixVersions.map((version) => `${getMinor(version)}.0`));
  return minors
    .filter((minor) => compareVersions(minor, low) > 0 && compareVersions(minor, high) < 0)
    .map((minor) => getMinor(minor));
}

/** Selects the rows that apply, each with a prefix for facts that are not known (`If there are …: `). */
function selectApplicableRows<R extends RuleRow>(
  rows: readonly R[],
  from: Version,
  to: Version,
  { edition, method, facts }: ExpandContext,
): { row: R; onlyIf: string }[] {
  return rows
    .filter((row) => matchesHop(row, { edition, method, from, to }) && matchFacts(row.facts, facts) !== "no")
    .map((row) => {
      const unknown = describeUnknownFacts(row.facts, facts);
      return { row, onlyIf: unknown === "" ? "" : `If ${unknown}: ` };
    });
}

function sortBeforeFirst<T extends { when: "before" | "after" }>(items: T[]): T[] {
  return [...items.filter((item) => item.when === "before"), ...items.filter((item) => item.when === "after")];
}
