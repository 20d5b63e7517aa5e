import { inWords } from "../duration.js";
import type { Edge, PromotedHop } from "../types.js";
import { note, type Finding } from "../verdict.js";
import { counted } from "../../counted.js";

export interface PromotionFacts {
  edge: Edge;
  /** Who has proved them, e.g. `stack acme/palette/staging`. */
  stage: string;
  hops: readonly PromotedHop[];
  /** sha256 by role of the charts that this hop moves to. */
  digests: Record<string, string>;
  now: Date;
  hours: number;
  /** What clears so soon is waited for. */
  patientSeconds: number;
}

/** The very hop, with the very charts, must have held on the stage before for so many hours after its checks. */
export function judgePromotion(facts: PromotionFacts): Finding[] {
  const { edge, stage, hops, digests } = facts;
  const hop = hops.find(({ from, to }) => from === edge.from && to === edge.to);
  if (hop === undefined) {
    const others = hops.filter(({ to }) => to === edge.to).map(({ from, to }) => `${from} -> ${to}`);
    const seen = others.length === 0 ? `none into ${edge.to}` : `only ${others.join(", ")}`;
    return [
      finding(
        "fail",
        "PROMOTION_MISSING",
        null,
        `${stage} has not taken and proved ${edge.from} -> ${edge.to} (it has ${seen}): take the hop there first.`,
      ),
    ];
  }
  const charts = Object.keys(digests)
    .sort()
    .flatMap((role) => judgeChart(role, digests[role]!, hop, stage));
  return charts.length > 0 ? charts : [judgeAge(hop, facts)];
}

function judgeChart(role: string, digest: string, { from, to, chartDigests }: PromotedHop, stage: string): Finding[] {
  const theirs = chartDigests[role];
  if (theirs === undefined) {
    return [
      finding(
        "unknown",
        "PROMOTION_CHART_UNKNOWN",
        role,
        `${stage} has no record of the chart of ${role} in its hop ${from} -> ${to}, so whether it is the same cannot be told: take the hop there with this version of the tool, or accept it by name.`,
      ),
    ];
  }
  if (theirs === digest) return [];
  return [
    finding(
      "fail",
      "PROMOTION_OTHER_CHART",
      role,
      `The chart of ${role} for ${to} is not the one that ${stage} proved (here sha256 ${digest.slice(0, 12)}…, there ${theirs.slice(0, 12)}…): use the same archive on both.`,
    ),
  ];
}

function judgeAge(
  { from, to, verifiedAt }: PromotedHop,
  { stage, now, hours, patientSeconds }: PromotionFacts,
): Finding {
  const ageSeconds = (now.getTime() - Date.parse(verifiedAt)) / 1000;
  const left = hours * 3600 - ageSeconds;
  if (left <= 0)
    return note(`${stage} proved ${from} -> ${to} with the same charts at ${verifiedAt}, ${inWords(ageSeconds)} ago.`);
  const ripe = new Date(Date.parse(verifiedAt) + hours * 3_600_000).toISOString();
  return finding(
    left <= patientSeconds ? "wait" : "fail",
    "PROMOTION_TOO_YOUNG",
    null,
    `${stage} proved ${from} -> ${to} at ${verifiedAt}, ${inWords(Math.max(0, ageSeconds))} ago, expected at least ${counted(hours, "hour")}: run this again from ${ripe} on.`,
  );
}

function finding(outcome: Finding["outcome"], code: string, member: string | null, message: string): Finding {
  return { outcome, code, member, message };
}
