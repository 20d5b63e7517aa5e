import { formatCount } from "../base/errors/counted.js";
import { citeSource, linkSource } from "../planning/rules/citation.js";
import { type Hop, type NewerMatrix, type Plan, type Refusal, type Warning } from "../planning/plan/types.js";
import { getMinor } from "../planning/version/version.js";

/** A label and its value. */
export type Fact = readonly [label: string, value: string];

/** One side of a hop, names only; the sections of the outline say what they mean. */
export interface Side {
  acts: string[];
  mustPass: string[];
  mayWarn: string[];
}

export interface HopOutline {
  number: number;
  from: string;
  to: string;
  change: string;
  skips: string[];
  /** Who approved the site's own row that the hop goes along; empty for a row of the vendor's. */
  own: string;
  before: Side;
  after: Side;
  /** Advisories of severity warning or worse; informational ones are only in their section. */
  advisories: string[];
}

/** One gate, act or advisory, listed once for all the hops it belongs to. */
export interface Entry {
  name: string;
  /** e.g. `before`, `warning`, `irreversible`. */
  marks: string[];
  /** e.g. `hops 1-3, 5`. */
  hops: string;
  text: string;
  /** Source it was read from; empty if the plan has none. */
  source: string;
}

interface Section {
  title: string;
  entries: Entry[];
}

/** What every human-readable renderer shows, in this order; the renderers differ only in form. */
export interface Outline {
  /** One line: what the plan is about and how it ends. */
  headline: string;
  outcome: Plan["outcome"];
  facts: Fact[];
  warnings: Warning[];
  refusal: { code: string; message: string; facts: Fact[] } | null;
  hops: HopOutline[];
  sections: Section[];
}

/** Creates the outline of a plan. `arrow` is put between two versions. */
export function createOutline(plan: Plan, arrow = "->", tool?: string): Outline {
  return {
    headline: formatHeadline(plan, arrow),
    outcome: plan.outcome,
    facts: [...listFacts(plan, arrow), ...(tool === undefined ? [] : [["made by", tool] as const])],
    warnings: plan.warnings,
    refusal: plan.refusal === null ? null : toRefusalOutline(plan.refusal, plan.to, arrow),
    hops: plan.hops.map(toHopOutline),
    sections: listSections(plan.hops).filter((section) => section.entries.length > 0),
  };
}

function formatHeadline(plan: Plan, arrow: string): string {
  const product = plan.matrix.edition === "vertex" ? "Palette VerteX" : "Palette";
  if (plan.outcome === "none-needed") return `${product} ${plan.from}: nothing to do, it is what was asked for`;
  const route = `${product} ${plan.from} ${arrow} ${plan.to}`;
  if (plan.outcome === "refused") return `${route}: refused`;
  return `${route}: ${formatCount(plan.hops.length, "hop")}`;
}

function listFacts({ from, hops, matrix, strategy, fingerprint }: Plan, arrow: string): Fact[] {
  const age = `${formatCount(matrix.ageDays, "day")} ago`;
  const route: Fact[] = hops.length < 2 ? [] : [["route", [from, ...hops.map((hop) => hop.to)].join(` ${arrow} `)]];
  return [
    ...route,
    ["strategy", strategy],
    ["matrix", `${matrix.id} (${matrix.edition}, ${matrix.method}), sha256 ${matrix.sha256.slice(0, 12)}`],
    ["source", `read on ${matrix.readOn}, ${age}: ${linkSource(matrix.source)}`],
    ...(matrix.newer === null ? [] : [["newer matrix", describeNewerMatrix(matrix.newer, arrow)] as const]),
    ["fingerprint", fingerprint.slice(0, 12)],
  ];
}

function describeNewerMatrix({ id, readOn, effect, route }: NewerMatrix, arrow: string): string {
  const effects = {
    same: "changes nothing here",
    "no-road": "has no route for this",
    "other-road": route.length === 0 ? "has nothing to do here" : `takes another route: ${route.join(` ${arrow} `)}`,
  };
  return `${id}, read on ${readOn}, ${effects[effect]}`;
}

function toRefusalOutline(refusal: Refusal, target: string, arrow: string): Outline["refusal"] {
  const facts: Fact[] = [
    ["reachable", refusal.reachable.join(", ") || "nothing"],
    ["highest reachable", refusal.highestReachable ?? "nothing"],
    ["routes end at", refusal.frontier.join(", ")],
    [`nearest that reach ${target}`, refusal.nearest.join(", ")],
    ["not to be taken for", refusal.nearMisses.join(", ")],
    ...refusal.refusedBy.map((row): Fact => {
      const place = [
        row.section === "" ? [] : `section ${row.section}`,
        row.line === null ? [] : `line ${row.line}`,
      ].flat();
      const where = place.length === 0 ? "" : ` (${place.join(", ")})`;
      return ["refused by row", `${row.from} ${arrow} ${row.to} ${row.mark}${where}`];
    }),
    ...refusal.otherMatrices.map((other): Fact => {
      const valid = other.valid ? "" : "; not valid for this installation";
      return ["route in another matrix", `${other.id}: ${other.route.join(` ${arrow} `)}${valid}`];
    }),
  ];
  return { code: refusal.code, message: refusal.message, facts: facts.filter(([, value]) => value !== "") };
}

function toHopOutline(hop: Hop, index: number): HopOutline {
  const collectSide = (when: "before" | "after"): Side => {
    const gates = hop.gates.filter((gate) => gate.when === when);
    return {
      acts: hop.acts.filter((act) => act.when === when).map((act) => act.name),
      mustPass: gates.filter((gate) => gate.mandatory).map((gate) => gate.name),
      mayWarn: gates.filter((gate) => !gate.mandatory).map((gate) => gate.name),
    };
  };
  const { from, to, change, skips } = hop;
  const advisories = hop.advisories
    .filter(({ severity }) => severity !== "info")
    .map(({ id, severity }) => `${id} (${severity})`);
  const own = hop.ownRow?.approvedBy ?? "";
  return {
    number: index + 1,
    from,
    to,
    change,
    skips,
    own,
    before: collectSide("before"),
    after: collectSide("after"),
    advisories,
  };
}

function listSections(hops: readonly Hop[]): Section[] {
  const collectEntries = <T>(list: (hop: Hop) => T[], entry: (item: T) => Omit<Entry, "hops">): Entry[] =>
    mergeEntries(hops.flatMap((hop, index) => list(hop).map((item) => ({ ...entry(item), hop: index + 1 }))));
  return [
    {
      title: "Acts",
      entries: collectEntries(
        (hop) => hop.acts,
        ({ name, when, irreversible, text }) => {
          return { name, marks: irreversible ? [when, "irreversible"] : [when], text, source: "" };
        },
      ),
    },
    {
      title: "Gates",
      entries: collectEntries(
        (hop) => hop.gates,
        ({ name, when, mandatory, because }) => {
          return { name, marks: [when, mandatory ? "must pass" : "may warn"], text: because, source: "" };
        },
      ),
    },
    {
      title: "Advisories",
      entries: collectEntries(
        (hop) => hop.advisories,
        ({ id, severity, summary, source }) => {
          return { name: id, marks: [severity], text: summary, source: citeSource(source) };
        },
      ),
    },
  ];
}

/** Merges equal entries and groups entries by name, names in the order of their first hop. */
function mergeEntries(found: (Omit<Entry, "hops"> & { hop: number })[]): Entry[] {
  const byText = new Map<string, { entry: Omit<Entry, "hops">; numbers: number[] }>();
  for (const { hop, ...entry } of found) {
    const key = JSON.stringify(entry);
    const known = byText.get(key);
    if (known === undefined) byText.set(key, { entry, numbers: [hop] });
    else known.numbers.push(hop);
  }
  const entries = [...byText.values()].map(({ entry, numbers }) => ({ ...entry, hops: formatHopNumbers(numbers) }));
  const names = [...new Set(entries.map((entry) => entry.name))];
  return names.flatMap((name) => entries.filter((entry) => entry.name === name));
}

/** Describes how far a hop goes, e.g. `minor to 4.7, skips 4.5`. */
export function describeReach(hop: Pick<HopOutline, "change" | "to" | "skips" | "own">): string {
  const skips = hop.skips.length === 0 ? "" : `, skips ${hop.skips.join(", ")}`;
  const own = hop.own === "" ? "" : `, own row of this site, approved by ${hop.own}`;
  return `${hop.change === "patch" ? "patch" : `${hop.change} to ${getMinor(hop.to)}${skips}`}${own}`;
}

/** Formats ascending hop numbers: `hop 2`, `hops 1-3, 5`. */
export function formatHopNumbers(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of [...new Set(numbers)]) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  const ranges = runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
  return `${new Set(numbers).size === 1 ? "hop" : "hops"} ${ranges}`;
}
