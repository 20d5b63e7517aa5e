import type { Edge, GateName, Verdict } from "./verdict/types.js";

/** Creates the passing verdict of a gate whose setting is empty. `why` is a clause. */
export function createNotConfiguredVerdict(gate: GateName, why: string, { from, to }: Edge): Verdict {
  const where = from === to ? `for ${to}` : `on the hop ${from} -> ${to}`;
  const message = `${why}, so the gate ${gate} has nothing to judge ${where}.`;
  return {
    gate,
    outcome: "pass",
    reasons: [{ code: "NOT_APPLICABLE", member: null, message }],
    observed: { live: from, configured: false },
  };
}
