import semver from "semver";
import { changeOf, type Change, type Version } from "../version/version.js";
import type { SiteFacts } from "./types.js";

/** Which hops a row is about; a part left out matches everything. `{from: "<4.8.47", to: ">=4.8.47"}` is a crossing. */
export interface EdgePattern {
  /** Semver range on the version a hop leaves. */
  from?: string;
  /** Semver range on the version a hop arrives at. */
  to?: string;
  /** Kinds of hop; a pattern with `change` never matches where no release moves (`from` = `to`). */
  change?: Change[];
}

/** What must be known of the site for a row to apply; a list means any of its values. */
export interface FactsCondition {
  pcgs?: boolean;
  reachSystem?: boolean;
  imageSwap?: boolean;
  airgap?: boolean;
  ipBased?: boolean;
  externalMongo?: boolean;
  cloud?: NonNullable<SiteFacts["cloud"]>[];
}

/** `unknown`: the deciding fact is not known, so the row is kept and says where it applies. */
export type Applies = "yes" | "no" | "unknown";

const rangeCache = new Map<string, semver.Range>();

/** True if `version` lies in `range`. @throws TypeError where the range cannot be read. */
export function inRange(version: Version, range: string): boolean {
  let parsed = rangeCache.get(range);
  if (parsed === undefined) rangeCache.set(range, (parsed = new semver.Range(range)));
  return parsed.test(version);
}

/** True if the pattern names the hop `from` -> `to`. */
export function matchesEdge(pattern: EdgePattern, from: Version, to: Version): boolean {
  if (pattern.from !== undefined && !inRange(from, pattern.from)) return false;
  if (pattern.to !== undefined && !inRange(to, pattern.to)) return false;
  return pattern.change === undefined || (from !== to && pattern.change.includes(changeOf(from, to)));
}

/** Three-valued: one fact that contradicts decides `no`; otherwise one that is not known makes it `unknown`. */
export function matchFacts(condition: FactsCondition, facts: SiteFacts): Applies {
  const each = factNames(condition).map((name): Applies => {
    const actual = facts[name];
    if (actual === undefined) return "unknown";
    const wanted = condition[name];
    return (Array.isArray(wanted) ? wanted.some((value) => value === actual) : wanted === actual) ? "yes" : "no";
  });
  if (each.includes("no")) return "no";
  return each.includes("unknown") ? "unknown" : "yes";
}

const factWords: Record<Exclude<keyof FactsCondition, "cloud">, [whenTrue: string, whenFalse: string]> = {
  pcgs: ["there are Private Cloud Gateways", "there are no Private Cloud Gateways"],
  reachSystem: ["a network proxy is used (release reach-system)", "no network proxy is used"],
  imageSwap: ["images come from a registry of your own (release image-swap)", "images come from the vendor's registry"],
  airgap: ["the installation is air-gapped", "the installation is connected"],
  ipBased: ["Palette is reached by IP address", "Palette is reached by a domain"],
  externalMongo: ["MongoDB runs outside the cluster", "MongoDB runs inside the cluster"],
};

const cloudWords: Record<NonNullable<SiteFacts["cloud"]>, string> = {
  eks: "EKS",
  gke: "GKE",
  aks: "AKS",
  other: "other Kubernetes",
};

/** Words for those parts of a condition that `facts` leave open, e.g. `there are Private Cloud Gateways`; empty when none. */
export function describeUnknown(condition: FactsCondition, facts: SiteFacts): string {
  const words = factNames(condition)
    .filter((name) => facts[name] === undefined)
    .map((name) => {
      if (name !== "cloud") return factWords[name][condition[name] === true ? 0 : 1];
      const clouds = (condition.cloud ?? []).map((cloud) => cloudWords[cloud]);
      return `the cluster runs on ${clouds.join(" or ")}`;
    });
  return words.join(" and ");
}

function factNames(condition: FactsCondition): (keyof FactsCondition)[] {
  return Object.keys(condition) as (keyof FactsCondition)[];
}
