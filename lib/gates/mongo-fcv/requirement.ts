import type { Source } from "../../plan/types.js";
import { compareVersions, type Version } from "../../version/version.js";
import type { Edge } from "../types.js";

/** From which release on MongoDB's feature compatibility version must be how high before the hop into it. */
export interface Requirement {
  /** Hops from below this release into it or beyond it. */
  into: Version;
  /** `major.minor` of MongoDB. */
  least: string;
  /** Why, in one clause. */
  because: string;
  source: Source;
}

/** Sorted by release. */
export const requirements: readonly Requirement[] = [
  {
    into: "4.8.0",
    least: "7.0",
    because: "Palette 4.8 brings MongoDB 8.0, which does not start on data of a lower one",
    source: {
      repository: "spectrocloud/librarium",
      path: "_partials/self-hosted/upgrade/_mongodb-fcv-precheck.mdx",
      commit: "153e47cb",
    },
  },
];

/** The strictest requirement that a hop crosses; null where it crosses none. */
export function requirementOf({ from, to }: Pick<Edge, "from" | "to">): Requirement | null {
  const crossed = requirements.filter(({ into }) => compareVersions(from, into) < 0 && compareVersions(to, into) >= 0);
  return crossed.at(-1) ?? null;
}

/** Negative, zero or positive as compatibility version `a` is lower than, equal to or higher than `b`; null if one is none. */
export function compareCompatibility(a: string, b: string): number | null {
  const [one, other] = [partsOf(a), partsOf(b)];
  return one && other ? one.major - other.major || one.minor - other.minor : null;
}

function partsOf(text: string): { major: number; minor: number } | null {
  const found = /^(\d{1,3})\.(\d{1,3})$/.exec(text);
  return found ? { major: Number(found[1]), minor: Number(found[2]) } : null;
}
