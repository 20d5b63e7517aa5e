import { formatDuration } from "../../base/time/duration.js";
import type { Edge, HopPair, PromotedHop } from "../verdict/types.js";
import { createNote, type Finding } from "../verdict/findings.js";

interface PromotionFacts {
  edge: Edge;
  /** Hops of the route after this one. */
  ahead: readonly HopPair[];
  /** The stage that proved the hops, e.g. `Stack acme/palette/staging`. */
  stage: string;
  hops: readonly PromotedHop[];
  /** sha256 by role of the charts that this hop moves to. */
  digests: Record<string, string>;
  now: Date;
  holdSeconds: number;
  /** A missing age no longer than this is waited for instead of failed. */
  maxWaitSeconds: number;
}

/**
 * Judges whether the previous stage proved the same hop with the same charts at least `holdSeconds` ago; names every
 * later hop of the route that it has not proved.
 */
export function judgePromotion(facts: PromotionFacts): Finding[] {
  const { edge, stage, hops, digests } = facts;
  const later = facts.ahead
    .filter((hop) => !hops.some(({ from, to }) => from === hop.from && to === hop.to))
    .map(({ from, to }) => `${from} -> ${to}`)
    .join(", ");
  const hop = findNewest(hops.filter(({ from, to }) => from === edge.from && to === edge.to));
  if (hop === undefined) {
    const others = hops.filter(({ to }) => to === edge.to).map(({ from, to }) => `${from} -> ${to}`);
    const seen = others.length === 0 ? `none into ${edge.to}` : `only ${others.join(", ")}`;
    return [
      createFinding(
        "fail",
        "PROMOTION_MISSING",
        null,
        `${stage} has not taken and proved ${edge.from} -> ${edge.to} (it has ${seen})${later === "" ? ": take the hop there first." : `, nor ${later} further on this route: take these hops there first, in this order.`}`,
      ),
    ];
  }
  const charts = Object.keys(digests)
    .sort()
    .flatMap((role) => judgeChart(role, digests[role]!, hop, stage));
  return [...(charts.length > 0 ? charts : [judgeAge(hop, facts)]), ...listUnprovedLater(later, stage)];
}

/** Finds the newest entry: a stage that took the hop again has proved what it took last. */
function findNewest(hops: readonly PromotedHop[]): PromotedHop | undefined {
  return [...hops].sort((a, b) => Date.parse(b.verifiedAt) - Date.parse(a.verifiedAt))[0];
}

/** Remarks on later hops that the stage has not proved; they refuse when they are due. */
function listUnprovedLater(later: string, stage: string): Finding[] {
  if (later === "") return [];
  return [
    createNote(
      `${stage} has not taken and proved ${later}, further on this route: take it there before it is due here.`,
    ),
  ];
}

function judgeChart(role: string, digest: string, { from, to, chartDigests }: PromotedHop, stage: string): Finding[] {
  const provedDigest = chartDigests[role];
  if (provedDigest === undefined) {
    return [
      createFinding(
        "unknown",
        "PROMOTION_CHART_UNKNOWN",
        role,
        `${stage} has no record of the chart of ${role} in its hop ${from} -> ${to}, so whether it is the same cannot be determined: take the hop there with this version of the tool, or accept it by name.`,
      ),
    ];
  }
  if (provedDigest === digest) return [];
  return [
    createFinding(
      "fail",
      "PROMOTION_OTHER_CHART",
      role,
      `The chart of ${role} for ${to} is not the one that ${stage} proved (here sha256 ${digest.slice(0, 12)}…, there ${provedDigest.slice(0, 12)}…): use the same archive on both.`,
    ),
  ];
}

function judgeAge(
  { from, to, verifiedAt }: PromotedHop,
  { stage, now, holdSeconds, maxWaitSeconds }: PromotionFacts,
): Finding {
  const ageSeconds = (now.getTime() - Date.parse(verifiedAt)) / 1000;
  const secondsLeft = holdSeconds - ageSeconds;
  if (secondsLeft <= 0)
    return createNote(
      `${stage} proved ${from} -> ${to} with the same charts at ${verifiedAt}, ${formatDuration(ageSeconds)} ago.`,
    );
  const promotableFrom = new Date(Date.parse(verifiedAt) + holdSeconds * 1000).toISOString();
  return createFinding(
    secondsLeft <= maxWaitSeconds ? "wait" : "fail",
    "PROMOTION_TOO_YOUNG",
    null,
    `${stage} proved ${from} -> ${to} at ${verifiedAt}, ${formatDuration(Math.max(0, ageSeconds))} ago, expected at least ${formatDuration(holdSeconds)}: run this again from ${promotableFrom} on.`,
  );
}

function createFinding(outcome: Finding["outcome"], code: string, member: string | null, message: string): Finding {
  return { outcome, code, member, message };
}
