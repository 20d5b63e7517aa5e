import type { Edge, GateName, Verdict } from "./types.js";

/** A gate whose setting is empty: said so, and nothing is held up. `why` is a clause. */
export function notConfigured(gate: GateName, why: string, { from, to }: Edge): Verdict {
  const where = from === to ? `for ${to}` : `on the hop ${from} -> ${to}`;
  const message = `${why}, so the gate ${gate} has nothing to judge ${where}.`;
  return {
    gate,
    outcome: "pass",
    reasons: [{ code: "NOT_APPLICABLE", member: null, message }],
    observed: { live: from, configured: false },
  };
}
