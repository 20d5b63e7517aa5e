import { formatDuration } from "../../base/time/duration.js";
import { type PreviewedGate } from "./report.js";

/**
 * Corrects what a preview promises of the gateways' catch-up where this update proves a changed ingress first: their
 * time starts at that proof, which is still to come. So a pass is none yet, and a wait is longer. Pure.
 */
export function awaitIngressProof(gates: readonly PreviewedGate[], unchangedSeconds: number): PreviewedGate[] {
  const isProved = gates.some(
    ({ gate, when, outcome }) => gate === "ingress" && when === "after" && outcome !== "not-applicable",
  );
  if (!isProved) return [...gates];
  const why = `after the ingress check, with which the time of the gateways starts anew: at least ${formatDuration(unchangedSeconds)} where an agent is unchanged`;
  return gates.map((gate) => {
    if (gate.gate !== "pcg-catch-up" || gate.when !== "after") return gate;
    if (gate.outcome === "pass") return { ...gate, outcome: "will-check", reasons: [], why };
    return gate.outcome === "wait" ? { ...gate, why } : gate;
  });
}
