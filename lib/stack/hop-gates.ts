import { gateByName } from "../gates/registry.js";
import { type Gate, type GateName } from "../gates/types.js";
import { type Matrix } from "../matrix/types.js";
import { gateFor, type ExpandContext } from "../plan/expand.js";
import { type Version } from "../version/version.js";
import { type Settings } from "./settings-schema.js";
import { ownChecks, siteGates } from "./site-gates.js";

/** The mandatory gates before a hop, by when they hold: what a hook judges again before a release moves. */
export interface HopGates {
  /** For every release. */
  every: Gate[];
  /** For the hop's beginning: once a release has moved, the hop is in flight and they are behind it. */
  start: Gate[];
}

/** All gates before an install from nothing. */
export function installGates(
  { edition, method }: Pick<Matrix, "edition" | "method">,
  checks: Settings["checks"],
): Gate[] {
  return withOwnChecks(siteGates("before", edition, method), checks).map(gateByName);
}

export function hopGates(from: Version, to: Version, context: ExpandContext, checks: Settings["checks"]): HopGates {
  const named: GateName[] = [...siteGates("before", context.edition, context.method), "pcg-readiness"];
  const mandatory = named.filter((name) => gateFor(name, "before", from, to, context)?.mandatory === true);
  const gates = withOwnChecks(mandatory, checks).map(gateByName);
  return {
    every: gates.filter(({ recheck }) => recheck === "every-release"),
    start: gates.filter(({ recheck }) => recheck === "start-only"),
  };
}

function withOwnChecks(names: readonly GateName[], checks: Settings["checks"]): GateName[] {
  return ownChecks("before", checks).length > 0 ? [...names, "own-check"] : [...names];
}
