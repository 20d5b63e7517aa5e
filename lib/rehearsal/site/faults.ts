import { compareVersions, type Version } from "../../version/version.js";
import type { FaultName, FaultSpec } from "../types.js";
import type { OrderedFault, SiteModel, SiteTime } from "./model.js";

/** Faults whose `at` may stand for the version of the revision that they leave behind. */
const revisionFaults: readonly FaultName[] = ["release-failed", "release-pending-young", "release-pending-old"];

/** A fault as ordered, not begun yet. */
export function orderedFault(spec: FaultSpec): OrderedFault {
  const named = revisionFaults.includes(spec.name) && spec.version === undefined && spec.at !== undefined;
  const { at, ...rest } = spec;
  const narrowed = named ? { ...rest, version: at! } : spec;
  return { ...narrowed, since: null, until: null, used: 0 };
}

/** True when a fault that has not begun is to begin. */
export function isDue(fault: OrderedFault, installed: Version): boolean {
  return (
    fault.since === null &&
    fault.until === null &&
    (fault.at === undefined || compareVersions(installed, fault.at) >= 0)
  );
}

/** The fault of this name that shows now. */
export function activeFault(model: SiteModel, name: FaultName): OrderedFault | undefined {
  return model.faults.find(
    (fault) =>
      fault.name === name &&
      fault.since !== null &&
      fault.until === null &&
      (fault.count === undefined || fault.used < fault.count),
  );
}

/** True when a fault of this name shows now. */
export function isActive(model: SiteModel, name: FaultName): boolean {
  return activeFault(model, name) !== undefined;
}

/** Where `time` falls into a fault: its end, `"open"` while it lasts, null where it does not. */
export function faultAround(model: SiteModel, name: FaultName, time: SiteTime): SiteTime | "open" | null {
  for (const fault of model.faults) {
    if (fault.name !== name || fault.since === null || fault.since > time) continue;
    if (fault.until === null) return "open";
    if (fault.until > time) return fault.until;
  }
  return null;
}

/** A copy in which the fault has hit once more. */
export function withUse(model: SiteModel, used: OrderedFault): SiteModel {
  return {
    ...model,
    faults: model.faults.map((fault) => (fault === used ? { ...fault, used: fault.used + 1 } : fault)),
  };
}
