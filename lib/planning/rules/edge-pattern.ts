import semver from "semver";
import type { Edition, Method } from "../matrix/types.js";
import { type SiteFacts } from "./site-facts.js";
import { type EdgePattern, type FactsCondition } from "./types.js";
import { classifyChange, type Version } from "../version/version.js";

/** The keys of a row that say which hops it is of, and its name. */
export interface SelectingRow {
  id?: string;
  edge?: EdgePattern;
  versions?: string;
  into?: string;
  editions?: Edition[];
  methods?: Method[];
  severity?: string;
}

/** Whether a condition applies. `unknown`: the deciding fact is not known; the row is kept with its condition. */
export type Applicability = "yes" | "no" | "unknown";

interface KnownRange {
  parsed: semver.Range;
  answers: Map<Version, boolean>;
}

const knownRanges = new Map<string, KnownRange>();

/**
 * True if `version` is in `range`. Each pair is compared once: a refused plan asks of every rule and hop of all matrices.
 * @throws TypeError if the range is invalid.
 */
export function isInRange(version: Version, range: string): boolean {
  let known = knownRanges.get(range);
  if (known === undefined) knownRanges.set(range, (known = { parsed: new semver.Range(range), answers: new Map() }));
  let answer = known.answers.get(version);
  if (answer === undefined) known.answers.set(version, (answer = known.parsed.test(version)));
  return answer;
}

/** True if the pattern matches the hop `from` -> `to`. */
export function matchesEdge(pattern: EdgePattern, from: Version, to: Version): boolean {
  if (pattern.from !== undefined && !isInRange(from, pattern.from)) return false;
  if (pattern.to !== undefined && !isInRange(to, pattern.to)) return false;
  return pattern.change === undefined || (from !== to && pattern.change.includes(classifyChange(from, to)));
}

/** Matches a condition, three-valued: one contradicting fact gives `no`, else one unknown fact gives `unknown`. */
export function matchFacts(condition: FactsCondition, facts: SiteFacts): Applicability {
  const each = listFactNames(condition).map((name): Applicability => {
    const actual = facts[name];
    if (actual === undefined) return "unknown";
    const wanted = condition[name];
    return (Array.isArray(wanted) ? wanted.some((value) => value === actual) : wanted === actual) ? "yes" : "no";
  });
  if (each.includes("no")) return "no";
  return each.includes("unknown") ? "unknown" : "yes";
}

const factPhrases: Record<Exclude<keyof FactsCondition, "cloud">, [whenTrue: string, whenFalse: string]> = {
  pcgs: ["there are Private Cloud Gateways", "there are no Private Cloud Gateways"],
  reachSystem: ["a network proxy is used (release reach-system)", "no network proxy is used"],
  imageSwap: ["images come from a registry of your own (release image-swap)", "images come from the vendor's registry"],
  airgap: ["the installation is air-gapped", "the installation is connected"],
  ipBased: ["Palette is reached by IP address", "Palette is reached by a domain"],
  externalMongo: ["MongoDB runs outside the cluster", "MongoDB runs inside the cluster"],
};

const cloudNames: Record<NonNullable<SiteFacts["cloud"]>, string> = {
  eks: "EKS",
  gke: "GKE",
  aks: "AKS",
  other: "other Kubernetes",
};

/** Describes what `facts` leave open of a condition, e.g. `there are Private Cloud Gateways`; empty if nothing. */
export function describeUnknownFacts(condition: FactsCondition, facts: SiteFacts): string {
  const phrases = listFactNames(condition)
    .filter((name) => facts[name] === undefined)
    .map((name) => {
      if (name !== "cloud") return factPhrases[name][condition[name] === true ? 0 : 1];
      const clouds = (condition.cloud ?? []).map((cloud) => cloudNames[cloud]);
      return `the cluster runs on ${clouds.join(" or ")}`;
    });
  return phrases.join(" and ");
}

function listFactNames(condition: FactsCondition): (keyof FactsCondition)[] {
  return Object.keys(condition) as (keyof FactsCondition)[];
}
