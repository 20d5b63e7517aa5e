import { formatDuration } from "../../base/time/duration.js";
import { type GateToPreview } from "./gates.js";
import { type PreviewedGate } from "./report.js";

type NamedGate = Pick<PreviewedGate, "gate" | "subject" | "when">;

const isCatchUp = ({ gate, when }: NamedGate): boolean => gate === "pcg-catch-up" && when === "after";

/** Lists the catch-ups that can be judged before the update. Pure. */
export function listCatchUps<G extends GateToPreview>(listed: readonly G[]): G[] {
  return listed.filter((gate) => isCatchUp(gate) && gate.later === null);
}

/** Lists the catch-ups whose time starts with the proof of a changed ingress; none where this update proves none. Pure. */
export function listAfterIngressProof<G extends GateToPreview>(
  listed: readonly G[],
  answered: readonly PreviewedGate[],
): G[] {
  const isProved = answered.some(
    ({ gate, when, outcome }) => gate === "ingress" && when === "after" && outcome !== "not-applicable",
  );
  return isProved ? listCatchUps(listed) : [];
}

/**
 * Corrects what a preview promises of the gateways' catch-up where this update proves a changed ingress first. Only the
 * engine knows whether an earlier update has passed that check, and their time starts with it: at the latest now. Until
 * the engine says when it was (`replaceCatchUps`), the preview promises what holds of a proof long ago (`gates`) and of
 * one now (`latest`); where they differ, the update decides. Pure.
 */
export function awaitIngressProof(
  gates: readonly PreviewedGate[],
  latest: readonly PreviewedGate[],
  unchangedSeconds: number,
): PreviewedGate[] {
  const why = `after the ingress check, with which the time of the gateways starts anew unless an earlier update has passed it: at least ${formatDuration(unchangedSeconds)} where an agent is unchanged`;
  return gates.map((gate) => {
    const late = latest.find((other) => isCatchUp(gate) && other.subject === gate.subject);
    if (late === undefined) return gate;
    if (late.outcome !== gate.outcome) return { ...gate, outcome: "will-check", reasons: [], why };
    return gate.outcome === "wait" ? { ...late, why } : late;
  });
}

/** Puts the catch-ups that were judged by the recorded time of the proof, as the update will, in their places. Pure. */
export function replaceCatchUps(gates: readonly PreviewedGate[], judged: readonly PreviewedGate[]): PreviewedGate[] {
  return gates.map((gate) => judged.find((other) => isCatchUp(gate) && other.subject === gate.subject) ?? gate);
}
