import { counted } from "../counted.js";
import type { GateSettings } from "../stack/gate-settings.js";
import { rulesOf } from "./rules.js";
import type { DurationRow } from "./rules-types.js";
import type { Hop } from "./types.js";

/** Minutes that experience and deadlines allow for, both ends included. */
export interface Estimate {
  likelyMinutes: number;
  atMostMinutes: number;
  /** What `likelyMinutes` stands on. */
  basis: Basis;
}

/** `hops` of the same kind were measured there, in this stack's record or in its stage's; else the rules of data/. */
export type Basis = { kind: "measured"; on: "stack" | "stage"; hops: number } | { kind: "typical" };

/** The time limits of one installation, which bound every part of a hop. */
export type Limits = Pick<GateSettings, "mongo" | "pcg" | "rollout" | "gates" | "checks" | "releaseTimeoutSeconds">;

/** A hop that was taken, from the first release that moved to its last check. */
export interface MeasuredHop {
  change: Hop["change"];
  minutes: number;
}

export interface MeasuredHops {
  stack: readonly MeasuredHop[];
  /** Of the stage before. */
  stage: readonly MeasuredHop[];
}

export interface EstimateQuestion {
  hop: Pick<Hop, "change" | "gates">;
  /** How many Helm releases move. */
  releases: number;
  limits: Limits;
  /** Hops of the same kind that were taken here, or else on the stage before, count more than any rule. */
  measured?: MeasuredHops;
  /** Default: data/durations.json. */
  rows?: readonly DurationRow[];
}

/** Of gates that have no deadline of their own setting: the longest that any of them names. */
const commonDeadlineSeconds = 15 * 60;

/**
 * How long a hop is likely to take (the middle of what was measured, else what data/ says of its parts) and the most its
 * own deadlines let it take. Waiting for people, windows or DNS is in neither; a hop that took longer than its deadlines
 * allow was interrupted, and tells nothing.
 */
export function estimateHop({
  hop,
  releases,
  limits,
  measured,
  rows = rulesOf("durations"),
}: EstimateQuestion): Estimate {
  const parts = rows.filter(
    (row) => row.change.includes(hop.change) && (row.phase !== "pcg-catch-up" || catchesUp(hop)),
  );
  const minutesOf = (some: readonly DurationRow[]): number =>
    some.reduce((sum, row) => sum + row.likelyMinutes * (row.per === "release" ? releases : 1), 0);
  const atMostMinutes = Math.ceil(atMostSeconds(hop, releases, limits) / 60);
  const before = minutesOf(parts.filter(({ phase }) => phase === "gates"));
  const { likely, basis } = likelyBy(measured, hop.change, atMostMinutes, before) ?? {
    likely: minutesOf(parts),
    basis: { kind: "typical" },
  };
  return { likelyMinutes: Math.min(Math.ceil(likely), atMostMinutes), atMostMinutes, basis };
}

function catchesUp({ gates }: Pick<Hop, "gates">): boolean {
  return gates.some(({ name, when }) => name === "pcg-catch-up" && when === "after");
}

/** Gates before a hop run side by side, all else one after the other. */
function atMostSeconds(hop: Pick<Hop, "gates">, releases: number, limits: Limits): number {
  const { mongo, pcg, rollout, gates, checks, releaseTimeoutSeconds } = limits;
  const common = gates.deadlineSeconds ?? commonDeadlineSeconds;
  const ownAfter = checks.filter(({ when }) => when !== "before").length;
  const hasIngress = hop.gates.some(({ name, when }) => name === "ingress" && when === "after");
  return (
    Math.max(mongo.deadlineSeconds, common) +
    releases * releaseTimeoutSeconds +
    rollout.deadlineSeconds +
    (hasIngress ? common : 0) +
    ownAfter * common +
    (catchesUp(hop) ? pcg.deadlineSeconds + 2 * pcg.pollSeconds : 0)
  );
}

/** Here before there; null where neither took such a hop. What came before the first release is added by rule. */
function likelyBy(
  measured: MeasuredHops | undefined,
  change: Hop["change"],
  atMostMinutes: number,
  beforeMinutes: number,
): { likely: number; basis: Basis } | null {
  for (const on of ["stack", "stage"] as const) {
    const minutes = (measured?.[on] ?? [])
      .filter((hop) => hop.change === change && hop.minutes <= atMostMinutes)
      .map((hop) => hop.minutes);
    const middle = middleOf(minutes);
    if (middle !== null)
      return { likely: middle + beforeMinutes, basis: { kind: "measured", on, hops: minutes.length } };
  }
  return null;
}

/** "about 39 min (typical, data/durations.json), at most 4 h 45 min". */
export function describeEstimate({ likelyMinutes, atMostMinutes, basis }: Estimate): string {
  return `about ${inWords(likelyMinutes)} (${basisInWords(basis)}), at most ${inWords(atMostMinutes)}`;
}

function basisInWords(basis: Basis): string {
  if (basis.kind === "typical") return "typical, by data/durations.json";
  const where = basis.on === "stack" ? "this stack" : "the stage before";
  return `as measured on ${where}, ${counted(basis.hops, "such hop")}`;
}

function inWords(minutes: number): string {
  if (minutes < 120) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
}

function middleOf(values: number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
