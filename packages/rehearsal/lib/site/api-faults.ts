import type { FaultName } from "../types.js";
import { findActiveFault, recordFaultUse } from "./faults.js";
import type { InjectedFault, SiteModel } from "./model.js";

/** Delay of a slow answer, in site time. */
export const slowSeconds = 40;

const apiFaults = ["api-connection-cut", "api-500", "api-429", "api-slow"] as const satisfies readonly FaultName[];
export type ApiFault = (typeof apiFaults)[number];

/** Finds the fault that hits the next request to an API, and returns the model that records it. */
export function findApiFault(
  model: SiteModel,
  api: "palette" | "kubernetes",
): { fault: ApiFault; model: SiteModel } | null {
  for (const name of apiFaults) {
    const found = findActiveApiFault(model, name, api);
    if (found) return { fault: name, model: recordFaultUse(model, found) };
  }
  return null;
}

function findActiveApiFault(model: SiteModel, name: ApiFault, api: string): InjectedFault | undefined {
  const narrowed = { ...model, faults: model.faults.filter(({ target = "palette" }) => target === api) };
  return findActiveFault(narrowed, name);
}
