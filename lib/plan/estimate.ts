import type { GateSettings } from "../stack/gate-settings.js";
import { rulesOf } from "./rules.js";
import type { DurationRow } from "./rules-types.js";
import type { Hop } from "./types.js";

/** Minutes that experience and deadlines allow for, both ends included. */
export interface Estimate {
  likelyMinutes: number;
  atMostMinutes: number;
}

/** The time limits of one installation, which bound every part of a hop. */
export type Limits = Pick<GateSettings, "mongo" | "pcg" | "rollout" | "releaseTimeoutSeconds">;

/** A hop that was taken, as a journal tells it. */
export interface MeasuredHop {
  change: Hop["change"];
  minutes: number;
}

export interface EstimateQuestion {
  hop: Pick<Hop, "change" | "gates">;
  /** How many Helm releases move. */
  releases: number;
  limits: Limits;
  /** Hops of the same kind that were taken on this installation count more than any rule. */
  measured?: readonly MeasuredHop[];
  /** Default: data/durations.json. */
  rows?: readonly DurationRow[];
}

/**
 * How long a hop is likely to take (the middle of what was measured, else what data/ says of its parts) and the most its
 * own deadlines let it take. Waiting for people, windows or DNS is in neither.
 */
export function estimateHop({ hop, releases, limits, measured = [], rows }: EstimateQuestion): Estimate {
  const catchesUp = hop.gates.some(({ name, when }) => name === "pcg-catch-up" && when === "after");
  const parts = (rows ?? rulesOf("durations")).filter(
    (row) => row.change.includes(hop.change) && (row.phase !== "pcg-catch-up" || catchesUp),
  );
  const byRule = parts.reduce((sum, row) => sum + row.likelyMinutes * (row.per === "release" ? releases : 1), 0);
  const { mongo, pcg, rollout, releaseTimeoutSeconds } = limits;
  const atMostSeconds =
    mongo.deadlineSeconds +
    releases * releaseTimeoutSeconds +
    rollout.deadlineSeconds +
    (catchesUp ? pcg.deadlineSeconds + 2 * pcg.pollSeconds : 0);
  const likely =
    middleOf(measured.filter(({ change }) => change === hop.change).map(({ minutes }) => minutes)) ?? byRule;
  const atMostMinutes = Math.ceil(atMostSeconds / 60);
  return { likelyMinutes: Math.min(Math.ceil(likely), atMostMinutes), atMostMinutes };
}

/** "about 39 minutes, at most 4 h 45 min". */
export function describeEstimate({ likelyMinutes, atMostMinutes }: Estimate): string {
  return `about ${inWords(likelyMinutes)}, at most ${inWords(atMostMinutes)}`;
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
