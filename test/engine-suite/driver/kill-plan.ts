import { createRandom } from "../../support/seeded-random.js";
import type { Victim } from "./processes.js";

/** One `kill -9` that is to come. */
export interface PlannedKill {
  part: Victim;
  /** Only requests are counted at which Helm is at work on some release. */
  whileMoving: boolean;
  /** It comes at the first request from this one on, counted from the run's start, at which the part is there. */
  at: number;
}

/** Requests of one stack update, from its preview on, as the site counts them: kills fall anywhere in it. */
const requestsOfUpdate = 260;

/** Requests of the releases of one hop while Helm is at work on them. */
const requestsOfMoves = 6;

/** Of ten kills so many come while a release moves. */
const movingOfTen = 3;

/** Kills that are the same for the same seed: every part in turn, then mixed, at random moments. */
export function killPlan(seed: number, count: number, parts: readonly Victim[]): PlannedKill[] {
  const next = createRandom(seed);
  const kills = Array.from({ length: count }, (_, index): PlannedKill => {
    const whileMoving = index % 10 < movingOfTen;
    const span = whileMoving ? requestsOfMoves : requestsOfUpdate;
    return { part: parts[index % parts.length]!, whileMoving, at: 1 + Math.floor(next() * span) };
  });
  return kills
    .map((kill) => ({ kill, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ kill }) => kill);
}
