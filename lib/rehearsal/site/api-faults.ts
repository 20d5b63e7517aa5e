import type { FaultName } from "../types.js";
import { activeFault, withUse } from "./faults.js";
import type { OrderedFault, SiteModel } from "./model.js";

/** Site time after which a slow answer comes. */
export const slowSeconds = 40;

const apiFaults = ["api-connection-cut", "api-500", "api-429", "api-slow"] as const satisfies readonly FaultName[];
export type ApiFault = (typeof apiFaults)[number];

/** The fault that hits the next request to an API, and the model in which it has. */
export function apiFault(
  model: SiteModel,
  api: "palette" | "kubernetes",
): { fault: ApiFault; model: SiteModel } | null {
  for (const name of apiFaults) {
    const found = activeOn(model, name, api);
    if (found) return { fault: name, model: withUse(model, found) };
  }
  return null;
}

function activeOn(model: SiteModel, name: ApiFault, api: string): OrderedFault | undefined {
  const narrowed = { ...model, faults: model.faults.filter(({ target = "palette" }) => target === api) };
  return activeFault(narrowed, name);
}
