import { formatCount } from "../../base/errors/counted.js";
import { type DurationRow } from "../rules/types.js";
import { loadRules } from "../rules/rules.js";
import { type Hop } from "./types.js";

/** Expected duration and upper bound of a hop, in minutes. */
export interface Estimate {
  likelyMinutes: number;
  atMostMinutes: number;
  /** What `likelyMinutes` is based on. */
  basis: Basis;
}

/** `measured`: from `hops` hops of the same kind, of this stack or the stage before; `typical`: from data/. */
type Basis = { kind: "measured"; on: "stack" | "stage"; hops: number } | { kind: "typical" };

/** The time limits of one installation; they bound every part of a hop. */
interface Limits {
  mongo: { deadlineSeconds: number };
  pcg: { deadlineSeconds: number; pollSeconds: number };
  rollout: { deadlineSeconds: number };
  /** Gates without a setting of their own; null: the longest deadline that any of them names. */
  gates: { deadlineSeconds: number | null };
  /** The installation's own checks. */
  checks: readonly { when: "before" | "after" | "both" }[];
  helm: { timeoutSeconds: number };
}

export interface MeasuredHops {
  stack: readonly MeasuredHop[];
  /** Hops of the stage before. */
  stage: readonly MeasuredHop[];
}

interface EstimateInput {
  hop: Pick<Hop, "change" | "gates">;
  /** Number of Helm releases that move. */
  releases: number;
  limits: Limits;
  /** Measured hops of the same kind, here or else on the stage before; they take precedence over the rules. */
  measured?: MeasuredHops;
  /** Default: data/durations.json. */
  rows?: readonly DurationRow[];
}

/** Deadline of gates without a deadline setting of their own: the longest of any of them. */
const commonDeadlineSeconds = 15 * 60;

/**
 * Estimates how long a hop is likely to take (the median of the measured hops, else the sum of its parts from data/)
 * and the most that its deadlines allow. Neither includes waiting for people, windows or DNS. A measured hop that
 * exceeded its deadlines was interrupted and is ignored.
 */
export function estimateHop({
  hop,
  releases,
  limits,
  measured,
  rows = loadRules("durations"),
}: EstimateInput): Estimate {
  const parts = rows.filter(
    (row) => row.change.includes(hop.change) && (row.phase !== "pcg-catch-up" || needsPcgCatchUp(hop)),
  );
  const sumLikelyMinutes = (some: readonly DurationRow[]): number =>
    some.reduce((sum, row) => sum + row.likelyMinutes * (row.per === "release" ? releases : 1), 0);
  const atMostMinutes = Math.ceil(computeMaxSeconds(hop, releases, limits) / 60);
  const before = sumLikelyMinutes(parts.filter(({ phase }) => phase === "gates"));
  const { likely, basis } = findMeasuredEstimate(measured, hop.change, atMostMinutes, before) ?? {
    likely: sumLikelyMinutes(parts),
    basis: { kind: "typical" },
  };
  return { likelyMinutes: Math.min(Math.ceil(likely), atMostMinutes), atMostMinutes, basis };
}

function needsPcgCatchUp({ gates }: Pick<Hop, "gates">): boolean {
  return gates.some(({ name, when }) => name === "pcg-catch-up" && when === "after");
}

/** Computes the sum of the deadlines; gates before a hop run in parallel, everything else in sequence. */
function computeMaxSeconds(hop: Pick<Hop, "gates">, releases: number, limits: Limits): number {
  const { mongo, pcg, rollout, gates, checks, helm } = limits;
  const common = gates.deadlineSeconds ?? commonDeadlineSeconds;
  const ownAfter = checks.filter(({ when }) => when !== "before").length;
  const hasIngress = hop.gates.some(({ name, when }) => name === "ingress" && when === "after");
  return (
    Math.max(mongo.deadlineSeconds, common) +
    releases * helm.timeoutSeconds +
    rollout.deadlineSeconds +
    (hasIngress ? common : 0) +
    ownAfter * common +
    (needsPcgCatchUp(hop) ? pcg.deadlineSeconds + 2 * pcg.pollSeconds : 0)
  );
}

/** Finds the median of measured hops (stack, else stage), plus the typical time of gates before; null if none. */
function findMeasuredEstimate(
  measured: MeasuredHops | undefined,
  change: Hop["change"],
  atMostMinutes: number,
  beforeMinutes: number,
): { likely: number; basis: Basis } | null {
  for (const on of ["stack", "stage"] as const) {
    const minutes = (measured?.[on] ?? [])
      .filter((hop) => hop.change === change && hop.minutes <= atMostMinutes)
      .map((hop) => hop.minutes);
    const median = computeMedian(minutes);
    if (median !== null)
      return { likely: median + beforeMinutes, basis: { kind: "measured", on, hops: minutes.length } };
  }
  return null;
}

/** Describes an estimate: "about 39 min (typical, by data/durations.json), at most 4 h 45 min". */
export function describeEstimate({ likelyMinutes, atMostMinutes, basis }: Estimate): string {
  return `about ${formatMinutes(likelyMinutes)} (${describeBasis(basis)}), at most ${formatMinutes(atMostMinutes)}`;
}

function describeBasis(basis: Basis): string {
  if (basis.kind === "typical") return "typical, by data/durations.json";
  const where = basis.on === "stack" ? "this stack" : "the stage before";
  return `as measured on ${where}, ${formatCount(basis.hops, "such hop")}`;
}

function formatMinutes(minutes: number): string {
  if (minutes < 120) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
}

function computeMedian(values: number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The measured duration of a completed hop, from the first release that moved to the last check. */
export interface MeasuredHop {
  change: Hop["change"];
  minutes: number;
}
