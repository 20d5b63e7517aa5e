import { RefusedError } from "../../base/errors/errors.js";
import { applyAcceptances } from "../../gates/consent/apply.js";
import { type AcceptanceContext, formatHopName } from "../../gates/consent/types.js";
import { type AcceptedReason, type GateName, type Reason, type Verdict } from "../../gates/verdict/types.js";
import { type Plan } from "../../planning/plan/types.js";
import { type Version } from "../../planning/version/version.js";
import { type Settings } from "../../settings/schema.js";
import { type HopInProgress } from "../../site/installation.js";
import { type RoutePlan } from "./plan.js";

/** The gate that an acceptance of a hop in progress names: it judges the releases that show the hop. */
export const hopInProgressGate: GateName = "helm-release";

/** A hop in progress, which is the plan of this update whatever the target. */
export interface HopInProgressReport {
  from: Version;
  to: Version;
  /** By the marker that this tool leaves in Helm's records; every release of the installed version may bear its own. */
  begunBy: "this tool" | "somebody else" | "not known";
  /** Whether it is the first hop of the route to the target. */
  onRoute: boolean;
  /** What is said of it before all else. */
  message: string;
  /** The acceptance by which it is finished; null where it needs none or has none. */
  accepted: AcceptedReason | null;
}

export interface JudgedHopInProgress extends HopInProgressReport {
  /** Why this update does not finish it; null where it does. */
  refusal: RefusedError | null;
}

/** Selects what is shown of it; the refusal is shown as that of the whole. */
export function reportHopInProgress(judged: JudgedHopInProgress | null): HopInProgressReport | null {
  if (judged === null) return null;
  const { from, to, begunBy, onRoute, message, accepted } = judged;
  return { from, to, begunBy, onRoute, message, accepted };
}

interface HopInProgressInput {
  from: Version;
  found: HopInProgress;
  /** The target's own route from the installed version. */
  route: RoutePlan;
  /** The plan from the end of the hop on. */
  rest: Pick<Plan, "from" | "to" | "hops" | "refusal">;
  accept: Settings["accept"];
  context: Omit<AcceptanceContext, "hop" | "resuming">;
}

/**
 * Judges a hop in progress. One that this tool began and that is the first hop of the target's route is taken up again;
 * any other is finished only where a person accepts `HOP_IN_PROGRESS` for exactly this hop. Pure.
 */
export function judgeHopInProgress(input: HopInProgressInput): JudgedHopInProgress {
  const { from, found, route, accept, context } = input;
  const hop = { from, to: found.to };
  const onRoute = route.refusal === null && route.hops[0]?.to === found.to;
  const begunBy = found.isMarked ? "this tool" : from === found.to ? "not known" : "somebody else";
  const message = describeHopInProgress(input, { begunBy, onRoute });
  const report: HopInProgressReport = { ...hop, begunBy, onRoute, message, accepted: null };
  if (onRoute && found.isMarked) return { ...report, refusal: null };
  const reasons: Reason[] = [{ code: "HOP_IN_PROGRESS", member: null, message }];
  const verdict: Verdict = { gate: hopInProgressGate, outcome: "fail", reasons, observed: null };
  const judged = applyAcceptances(verdict, accept, { ...context, hop, resuming: true });
  const refusal = judged.outcome === "pass" ? null : createRefusal(formatHopName(hop), judged.reasons);
  return { ...report, accepted: judged.accepted?.[0] ?? null, refusal };
}

function describeHopInProgress(
  { from, found, route, rest }: HopInProgressInput,
  { begunBy, onRoute }: Pick<HopInProgressReport, "begunBy" | "onRoute">,
): string {
  const { name, namespace, revision, status, chartVersion, lastDeployed } = found.revision;
  const shown = `release "${name}" in namespace "${namespace}" has revision ${revision} (${status}, ${chartVersion}) of ${lastDeployed}`;
  const who = {
    "this tool": `This tool began it: a release bears its mark for ${found.to}.`,
    "somebody else": `Somebody else began it: no release bears this tool's mark for ${found.to}.`,
    "not known": "Helm's records do not show who began it.",
  }[begunBy];
  const place = onRoute
    ? `It is the first hop of the route to the target ${route.to}.`
    : `It is not on the route to the target ${route.to} (${describeRoute(from, route)}).`;
  return [
    `Hop ${from} -> ${found.to} is in progress: ${shown}.`,
    who,
    place,
    `This run finishes that hop and makes no other before it; ${describeRest(rest)}`,
  ].join(" ");
}

function describeRoute(from: Version, { hops, refusal }: RoutePlan): string {
  if (refusal !== null) return refusal.code;
  return hops.length === 0 ? "which is installed" : [from, ...hops.map(({ to }) => to)].join(" -> ");
}

function describeRest({ from, to, hops, refusal }: HopInProgressInput["rest"]): string {
  if (refusal !== null) return `afterwards no route leads from ${from} to the target ${to} (${refusal.code}).`;
  if (hops.length === 0) return `afterwards ${from} fits the target.`;
  return `afterwards the route is ${[from, ...hops.map((hop) => hop.to)].join(" -> ")}.`;
}

function createRefusal(hop: string, reasons: readonly Reason[]): RefusedError {
  return new RefusedError("HOP_IN_PROGRESS", reasons.map(({ message }) => message).join("\n"), {
    next:
      "Find out who began this hop and whether it is to be finished. Then a person adds to palette:accept: " +
      `{gate: "${hopInProgressGate}", subject: "*", code: "HOP_IN_PROGRESS", hop: "${hop}", by: "<who>", because: "<why>", ticket: "<ticket>", until: "<last day>"}.`,
  });
}
