import { systemClock } from "../../base/time/clock.js";
import { type ConnectOptions } from "../../site/connect.js";
import { createClockLimit } from "./limit-by-clock.js";
import { createSimulatedIngress } from "./simulated-ingress.js";
import { createSiteClock } from "./site-clock.js";
import { getSimulatedSite } from "./variables.js";

/**
 * Creates the options with which a process connects to its site: the machine's clock and network, or, in a rehearsal,
 * the clock of the simulated site and what it answers in the place of the ingress.
 */
export function createConnectOptions(environment: NodeJS.ProcessEnv): ConnectOptions {
  const base = getSimulatedSite(environment);
  if (base === null) return { environment, clock: systemClock };
  const clock = createSiteClock(base);
  return {
    environment,
    clock,
    limitTime: createClockLimit(clock),
    fetchIngressAnswer: createSimulatedIngress(base),
  };
}
