import type { MatrixRow } from "../matrix/types.js";
import { compareVersions, minorOf, sortVersions, type Version } from "../version/version.js";
import { matchesPattern } from "../version/wildcard.js";
import type { Inquiry } from "./question.js";
import { neighbours } from "./target.js";
import type { Refusal } from "./types.js";

/** What the rows tell about a road that is not there; the other fields of a refusal are words. */
export type RefusalFacts = Omit<Refusal, "code" | "message" | "otherMatrices">;

/**
 * Gathers the facts of a refusal.
 *
 * @param goals releases the target takes, oldest first; for a release the matrix does not list, itself.
 * @param avoid releases no road may stop at: empty unless they are at fault.
 */
export function gatherFacts(inquiry: Inquiry, goals: readonly Version[], avoid: readonly Version[]): RefusalFacts {
  const roads = openRoads(inquiry, avoid);
  const limit = goals.at(-1);
  const upToLimit = (version: Version): boolean => limit !== undefined && compareVersions(version, limit) <= 0;
  const reachable = roads.from(inquiry.from).filter(upToLimit);
  const starts = [inquiry.from, ...reachable];
  const ends = (start: Version): boolean => !goals.includes(start) && !roads.next(start).some(upToLimit);
  const frontier = starts.filter((start) => upToLimit(start) && ends(start));
  const reaching = sortVersions(goals.flatMap((goal) => roads.to(goal)));
  return {
    reachable,
    highestReachable: reachable.at(-1) ?? null,
    frontier,
    nearest: neighbours(
      inquiry.from,
      reaching.filter((version) => !goals.includes(version)),
    ),
    refusedBy: refusingRows(inquiry, starts, [...reaching, ...goals]),
    nearMisses: nearMisses(
      [inquiry.from, ...frontier].filter((version) => !reaching.includes(version)),
      reaching.filter((version) => !goals.includes(version)),
    ),
  };
}

interface Roads {
  /** Releases one supported row leads to. */
  next(version: Version): Version[];
  from(version: Version): Version[];
  to(version: Version): Version[];
}

/** Reachability with some releases taken out. A release the matrix does not list leads nowhere. */
function openRoads({ graph }: Inquiry, avoid: readonly Version[]): Roads {
  const shut = new Set(avoid.map(graph.placeOf));
  const open = (place: number): boolean => !shut.has(place);
  const next = (place: number): number[] => (graph.ahead[place] ?? []).filter(open);
  const reaches = shut.size === 0 ? graph.reaches : searchReaches(graph.versions.length, next);
  const named = (places: number[]): Version[] => places.map((place) => graph.versions[place]!);
  const all = graph.versions.map((_, place) => place).filter(open);
  const place = graph.placeOf;
  return {
    next: (version) => named(next(place(version))),
    from: (version) =>
      place(version) < 0 ? [] : named(all.filter((to) => to !== place(version) && reaches(place(version), to))),
    to: (version) =>
      place(version) < 0 || !open(place(version))
        ? []
        : named(all.filter((from) => from !== place(version) && reaches(from, place(version)))),
  };
}

function searchReaches(count: number, next: (place: number) => number[]): (from: number, to: number) => boolean {
  const reached: Set<number>[] = [];
  for (let place = count - 1; place >= 0; place--) {
    reached[place] = new Set([place, ...next(place).flatMap((step) => [...reached[step]!])]);
  }
  return (from, to) => reached[from]!.has(to);
}

/** Rows that refuse, or mark as conditional, a pair that would have helped: from where one gets to, to what gets there. */
function refusingRows({ matrix }: Inquiry, starts: readonly Version[], ends: readonly Version[]): MatrixRow[] {
  const helps = (row: MatrixRow): boolean =>
    starts.some(
      (start) =>
        matchesPattern(row.from, start) &&
        ends.some((end) => matchesPattern(row.to, end) && compareVersions(start, end) < 0),
    );
  return matrix.rows.filter((row) => row.mark !== "supported" && helps(row)).sort(byPatterns);
}

/** Listed releases of the same minor within two patches of one at fault, that do what it does not. */
function nearMisses(atFault: readonly Version[], candidates: readonly Version[]): Version[] {
  const near = (version: Version): boolean =>
    atFault.some((fault) => minorOf(fault) === minorOf(version) && Math.abs(patchOf(fault) - patchOf(version)) <= 2);
  return sortVersions(candidates).filter((version) => !atFault.includes(version) && near(version));
}

/** Listed releases of the same minor within two patches of a release that is not listed. */
export function closeTo(version: Version, listed: readonly Version[]): Version[] {
  return nearMisses([version], listed);
}

/** By version; a wildcard stands before the releases of its minor. */
function byPatterns(a: MatrixRow, b: MatrixRow): number {
  return compareVersions(lowest(a.from), lowest(b.from)) || compareVersions(lowest(a.to), lowest(b.to));
}

function lowest(pattern: string): Version {
  return pattern.replace(/x$/, "0");
}

function patchOf(version: Version): number {
  return Number(version.split(".")[2]);
}
