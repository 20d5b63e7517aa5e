import type { GateSettings } from "../../settings/gate-settings.js";
import type { Gate, GateTiming } from "../verdict/types.js";

/**
 * Returns a gate's timing in this installation: the gate's own setting, else the common one, else the gate's constant.
 */
export function getGateTiming(gate: Pick<Gate, "name" | "timing">, settings: GateSettings): GateTiming {
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
      // The judge applies a deadline to each PCG, from the cluster's timestamps. This one is the upper bound of the
      // whole: the roll-out first, the PCGs, and the second check of profile updates at the end.
      return {
        deadlineSeconds: rollout.deadlineSeconds + pcg.deadlineSeconds + 2 * pcg.pollSeconds,
        intervalSeconds: pcg.intervalSeconds,
        samples: pcg.samples,
      };
    case "rollout":
      return { ...rollout };
    case "helm-release":
      // Long enough for somebody else's upgrade to end.
      return { ...common, deadlineSeconds: settings.helm.timeoutSeconds };
    default:
      return common;
  }
}
