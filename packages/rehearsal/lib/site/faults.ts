import { compareVersions, type Version } from "../../../../lib/planning/version/version.js";
import type { FaultName, FaultSpec } from "../types.js";
import type { InjectedFault, SiteModel, SiteTime } from "./model.js";

/** Faults whose `at` can give the version of the revision that they leave behind. */
const revisionFaults: readonly FaultName[] = ["release-failed", "release-pending-young", "release-pending-old"];

/** Creates a fault that has not started yet. */
export function createInjectedFault(spec: FaultSpec): InjectedFault {
  const named = revisionFaults.includes(spec.name) && spec.version === undefined && spec.at !== undefined;
  const { at, ...rest } = spec;
  const narrowed = named ? { ...rest, version: at! } : spec;
  return { ...narrowed, since: null, until: null, used: 0 };
}

/** True when a fault that has not started is due. */
export function isDue(fault: InjectedFault, installed: Version): boolean {
  return (
    fault.since === null &&
    fault.until === null &&
    (fault.at === undefined || compareVersions(installed, fault.at) >= 0)
  );
}

/** Finds the active fault of this name. */
export function findActiveFault(model: SiteModel, name: FaultName): InjectedFault | undefined {
  return model.faults.find(
    (fault) =>
      fault.name === name &&
      fault.since !== null &&
      fault.until === null &&
      (fault.count === undefined || fault.used < fault.count),
  );
}

/** True when a fault of this name is active. */
export function isActive(model: SiteModel, name: FaultName): boolean {
  return findActiveFault(model, name) !== undefined;
}

/** Returns the end of the fault that covers `time`; `"open"` while it has no end, null where no fault covers `time`. */
export function findFaultEnd(model: SiteModel, name: FaultName, time: SiteTime): SiteTime | "open" | null {
  for (const fault of model.faults) {
    if (fault.name !== name || fault.since === null || fault.since > time) continue;
    if (fault.until === null) return "open";
    if (fault.until > time) return fault.until;
  }
  return null;
}

/** Returns a copy of the model in which the fault has hit one more request. */
export function recordFaultUse(model: SiteModel, used: InjectedFault): SiteModel {
  return {
    ...model,
    faults: model.faults.map((fault) => (fault === used ? { ...fault, used: fault.used + 1 } : fault)),
  };
}
