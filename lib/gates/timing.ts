import type { GateSettings } from "../stack/gate-settings.js";
import type { Gate, GateTiming } from "./types.js";

/** A gate's timing as this installation has set it; a gate without a setting of its own has the common one, else its own constant. */
export function timingOf(gate: Pick<Gate, "name" | "timing">, settings: GateSettings): GateTiming {
  const { mongo, pcg, rollout, gates } = settings;
  const common: GateTiming = {
    deadlineSeconds: gates.deadlineSeconds ?? gate.timing.deadlineSeconds,
    intervalSeconds: gates.intervalSeconds ?? gate.timing.intervalSeconds,
    samples: gates.samples ?? gate.timing.samples,
  };
  switch (gate.name) {
    case "mongo-replica-set":
      return { deadlineSeconds: mongo.deadlineSeconds, intervalSeconds: mongo.intervalSeconds, samples: mongo.samples };
    case "mongo-fcv":
      return { ...common, deadlineSeconds: mongo.deadlineSeconds, intervalSeconds: mongo.intervalSeconds };
    case "pcg-readiness":
      return { ...common, intervalSeconds: pcg.intervalSeconds, samples: pcg.samples };
    case "pcg-catch-up":
      // The judge holds each PCG to its own deadline, from the cluster's timestamps; this is the ceiling over the roll-out
      // that comes first and the second look at profile updates that comes last.
      return {
        deadlineSeconds: rollout.deadlineSeconds + pcg.deadlineSeconds + 2 * pcg.pollSeconds,
        intervalSeconds: pcg.intervalSeconds,
        samples: pcg.samples,
      };
    case "rollout":
      return { ...rollout };
    case "helm-release":
      // Long enough to see somebody else's upgrade end.
      return { ...common, deadlineSeconds: settings.releaseTimeoutSeconds };
    default:
      return common;
  }
}
