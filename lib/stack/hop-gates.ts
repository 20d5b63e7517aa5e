import { getGateByName } from "../gates/registry.js";
import { type Gate, type GateName } from "../gates/types.js";
import { type Matrix } from "../matrix/types.js";
import { findGate, type ExpandContext } from "../plan/expand.js";
import { type Version } from "../version/version.js";
import { type Settings } from "./settings-schema.js";
import { listOwnChecks, listSiteGates } from "./site-gates.js";

/** The mandatory gates before a hop, by when they apply: a hook judges them again before a release moves. */
export interface HopGates {
  /** For every release. */
  every: Gate[];
  /** Only before the first release moves. */
  start: Gate[];
}

/** Lists all gates before a fresh install. */
export function listInstallGates(
  { edition, method }: Pick<Matrix, "edition" | "method">,
  checks: Settings["checks"],
): Gate[] {
  return addOwnChecks(listSiteGates("before", edition, method), checks).map(getGateByName);
}

export function listHopGates(from: Version, to: Version, context: ExpandContext, checks: Settings["checks"]): HopGates {
  const named: GateName[] = [...listSiteGates("before", context.edition, context.method), "pcg-readiness"];
  const mandatory = named.filter((name) => findGate(name, "before", from, to, context)?.mandatory === true);
  const gates = addOwnChecks(mandatory, checks).map(getGateByName);
  return {
    every: gates.filter(({ recheck }) => recheck === "every-release"),
    start: gates.filter(({ recheck }) => recheck === "start-only"),
  };
}

function addOwnChecks(names: readonly GateName[], checks: Settings["checks"]): GateName[] {
  return listOwnChecks("before", checks).length > 0 ? [...names, "own-check"] : [...names];
}
